// convkit training: `fit` on images in memory, timed from the end of one step to the end of the next.
// Usage: node training.mjs '{"model":"resnet18","size":224,"batchSize":16,"engine":"onnx"}'

import { arrayDataset } from '@convkit/data'
import { fit, sgd } from '@convkit/train'
import { createContestant, someImages } from './model.mjs'
import { answer, nextTurn, ready } from './turns.mjs'

const options = JSON.parse(process.argv[2])
const { size, batchSize } = options
const model = await createContestant(options)
const images = someImages(2 * batchSize, size)
const labels = images.map((_, i) => i % model.classes.length)
const dataset = arrayDataset({ images, labels, classes: model.classes })

let wanted = 0
let times = []
let last = 0

/** Pauses training between turns; the time of a step begins where the one before it ended. */
const turns = {
  name: 'turns',
  async onTrainBegin() {
    ready(model.engine.description)
    wanted = await nextTurn()
    last = performance.now()
  },
  async onBatchEnd(_, __, { control }) {
    times.push(performance.now() - last)
    if (times.length >= wanted) {
      answer(times)
      times = []
      wanted = await nextTurn()
      control.stop = wanted === undefined
    }
    last = performance.now()
  },
}

await fit(model, dataset, {
  epochs: 1_000_000,
  batchSize,
  optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
  metrics: [],
  callbacks: [turns],
})
