import { createModel, createRegistry, type TensorMap, type TrainingSnapshot } from '@convkit/core'
import { arrayDataset } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import tensorflow from '@convkit/engine-tensorflow'
import zoo from '@convkit/zoo'
import { expect, test } from 'vitest'
import { fit } from './fit.js'
import { adamW } from './optimizers/adam.js'

const [size, classes, interrupted] = [32, ['a', 'b', 'c', 'd'], 3]
const images = Array.from({ length: 16 }, (_, i) => ({
  height: size,
  width: size,
  channels: 3 as const,
  data: Uint8Array.from({ length: size * size * 3 }, (_, at) => (at * (i + 3) * 31 + (at >> 5) * i) & 255),
}))
const dataset = arrayDataset({ images, labels: images.map((_, i) => i % 4), classes })
const registry = createRegistry(zoo, onnx, tensorflow)

/** Eight steps with averaged weights; with `resume`, those that are left. */
async function training(engine: string, resume?: TrainingSnapshot) {
  const model = await createModel('resnet20', { registry, engine, classes, seed: 3 })
  let snapshot: TrainingSnapshot | undefined
  let steps = 0
  await fit(model, dataset, {
    epochs: 2,
    batchSize: 4,
    optimizer: adamW({ learningRate: 1e-3 }),
    callbacks: [
      {
        name: 'average',
        averaging: { rate: ({ step }) => (step + 1) ** -0.5 },
        async onBatchEnd(_batch, _logs, context) {
          if (++steps === interrupted) snapshot = await context.snapshot()
        },
      },
    ],
    ...(resume && { resume }),
  })
  const weights: TensorMap = new Map(model.weights)
  await model.dispose()
  return { weights, snapshot }
}

/** The largest difference, relative to the largest value of its tensor. */
function distance(one: TensorMap, other: TensorMap): number {
  const differences = [...one].map(([name, { data }]) => {
    const largest = Math.max(...data.map(Math.abs), 1e-3)
    return Math.max(...data.map((x, i) => Math.abs(x - (other.get(name)?.data[i] as number)))) / largest
  })
  return Math.max(...differences)
}

test('a training with averaged weights goes on from a snapshot on TensorFlow, as it does on ONNX Runtime', async () => {
  const whole = await training('tensorflow')
  const resumed = await training('tensorflow', whole.snapshot)
  expect(distance(whole.weights, resumed.weights)).toBeLessThan(1e-6)
  const other = await training('onnx')
  expect(distance(whole.weights, other.weights)).toBeLessThan(1e-2)
})
