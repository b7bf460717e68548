// #region serve
import { loadModel } from '@convkit/core/node'
import { createServer, modelBackend } from '@convkit/serve'
import '@convkit/engine-onnx/register'
import '@convkit/zoo/register'

const backend = await modelBackend(await loadModel('runs/train-1/model'), {
  batchSize: 16,
})
const server = await createServer(backend, { queue: 64, maxDelay: 5 })
await server.listen({ port: 8080 }) // 127.0.0.1
process.once('SIGTERM', () => server.close()) // answers what was accepted first
// #endregion serve
