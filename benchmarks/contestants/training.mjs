// One convkit contestant: `fit` on images in memory, timed from the end of one step to the end of the next.
// Usage: node training.mjs '{"model":"resnet18","size":224,"batchSize":16,"engine":"onnx"}'

import { createInterface } from 'node:readline'
import { createRegistry, createVariant } from '@convkit/core'
import { arrayDataset } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import { fit, sgd } from '@convkit/train'
import zoo from '@convkit/zoo'

const { model: name, size, batchSize, engine, classes = 1000, memory = false } = JSON.parse(process.argv[2])
const registry = createRegistry(zoo, onnx)
const preprocessing = { inputSize: [size, size], cropPct: 1 }
const model = await createVariant(registry.model(name), { registry, engine, classes, preprocessing })

const pixels = size * size * 3
const images = Array.from({ length: 2 * batchSize }, (_, i) => ({
  height: size,
  width: size,
  channels: 3,
  data: Uint8Array.from({ length: pixels }, (_, k) => (k * 31 + i * 17) & 255),
}))
const labels = images.map((_, i) => i % classes)
const dataset = arrayDataset({ images, labels, classes: model.classes })

const requests = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
let wanted = 0
let times = []
let last = 0

/** Pauses training between turns; the time of a step begins where the one before it ended. */
const turns = {
  name: 'turns',
  async onTrainBegin() {
    console.log('ready')
    await nextTurn()
  },
  async onBatchEnd(_, __, { control }) {
    times.push(memory ? process.memoryUsage().rss / 2 ** 20 : performance.now() - last)
    if (times.length >= wanted) {
      console.log(JSON.stringify(times))
      control.stop = !(await nextTurn())
    }
    last = performance.now()
  },
}

async function nextTurn() {
  const { value, done } = await requests.next()
  times = []
  wanted = Number(value)
  last = performance.now()
  return !done
}

await fit(model, dataset, {
  epochs: 1_000_000,
  batchSize,
  optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
  metrics: [],
  callbacks: [turns],
})
