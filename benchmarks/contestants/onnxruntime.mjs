// ONNX Runtime with the file that PyTorch exported, on normalised images; its defaults, but that it takes as many threads
// as the others, and that idle ones do not spin, which would hit the others.
// Usage: node onnxruntime.mjs '{"path":"resnet18.onnx","size":224,"batchSize":32}'

import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ready, takeTurns } from './turns.mjs'

// The copy that the engine brings.
const require = createRequire(fileURLToPath(import.meta.resolve('@convkit/engine-onnx')))
const { InferenceSession, Tensor, env } = require('onnxruntime-node')

const { path, size, batchSize } = JSON.parse(process.argv[2])
const session = await InferenceSession.create(path, {
  intraOpNumThreads: availableParallelism(),
  extra: { session: { force_spinning_stop: '1' } },
})
const data = Float32Array.from({ length: batchSize * 3 * size * size }, (_, i) => ((i * 31) & 255) / 64 - 2)
const feeds = { [session.inputNames[0]]: new Tensor('float32', data, [batchSize, 3, size, size]) }

ready(`onnxruntime ${env.versions.node}, ${availableParallelism()} threads`)
await takeTurns(() => session.run(feeds))
