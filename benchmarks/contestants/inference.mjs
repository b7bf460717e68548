// convkit inference: `model.infer` on decoded images at the network's size, or a session alone on a batch of pixels.
// Usage: node inference.mjs '{"model":"resnet18","size":224,"batchSize":32,"engine":"onnx","call":"infer"}'

import { softmax } from '@convkit/graph'
import { createContestant, someImages } from './model.mjs'
import { ready, takeTurns } from './turns.mjs'

const options = JSON.parse(process.argv[2])
const { size, batchSize, call } = options
const model = await createContestant(options, { predictBatchSize: batchSize })
const images = someImages(batchSize, size)
const step = call === 'infer' ? () => model.infer(images) : await sessionStep()

ready(model.engine.description)
await takeTurns(step)
await model.dispose()

/** One run of the same program, without what surrounds it: pixels already in one batch. */
async function sessionStep() {
  const { image, logits } = model.trace({ batchSize, mode: 'infer' })
  const state = Object.fromEntries(
    [...model.weights].map(([name, tensor]) => [name, { shape: tensor.shape, initial: () => tensor }]),
  )
  const outputs = { logits, probabilities: softmax(logits) }
  const session = await model.engine.load({
    state,
    signatures: { predict: { inputs: { image }, outputs, updates: {} } },
  })
  const data = Uint8Array.from(images.flatMap(({ data }) => [...data]))
  return () => session.run('predict', { image: { dtype: 'uint8', shape: image.shape, data } })
}
