import { augmentation, cutMix, mixUp } from '@convkit/augment'
import { createModel, createRegistry } from '@convkit/core'
import { arrayDataset } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import tensorflow from '@convkit/engine-tensorflow'
import zoo from '@convkit/zoo'
import { expect, test } from 'vitest'
import { fit } from './fit.js'
import { binaryCrossEntropy } from './losses/binary-cross-entropy.js'
import { crossEntropy } from './losses/cross-entropy.js'
import { sgd } from './optimizers/sgd.js'

const [size, count, classes] = [64, 32, ['a', 'b', 'c', 'd']]

test.each([
  ['images as they are', undefined, undefined, 0.7],
  ['mixed images', mixUp(), crossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2, 0.5, 1] }), 0.95],
  ['mixed images, a yes or no a class', cutMix(), binaryCrossEntropy({ targetThreshold: 0.2 }), 0.95],
])('ResNet-18 has the same loss on both engines over 20 steps: %s', async (_name, mix, loss, learnt) => {
  const images = Array.from({ length: count }, (_, i) => ({
    height: size,
    width: size,
    channels: 3 as const,
    data: Uint8Array.from({ length: size * size * 3 }, (_, at) => (at * (i + 3) * 31 + (at >> 6) * i) & 255),
  }))
  const dataset = arrayDataset({ images, labels: images.map((_, i) => i % 4), classes })
  const registry = createRegistry(zoo, onnx, tensorflow)

  const losses = async (engine: string) => {
    const model = await createModel('resnet18', {
      registry,
      engine,
      classes,
      seed: 3,
      preprocessing: { inputSize: [size, size], cropPct: 1 },
    })
    const values: number[] = []
    await fit(model, dataset, {
      epochs: 10,
      batchSize: 16,
      loss,
      augment: mix && augmentation({ mix }),
      // At a larger rate training makes much of a rounding that takes an activation over the bend of its ReLU.
      optimizer: sgd({ learningRate: 0.001, momentum: 0.9 }),
      callbacks: [
        { name: 'losses', onBatchEnd: (_, { batchLoss = Number.NaN }) => void values.push(batchLoss) },
      ],
    })
    await model.dispose()
    return values
  }
  const [one, other] = [await losses('onnx'), await losses('tensorflow')]
  expect(one).toHaveLength(20)
  expect(other).toHaveLength(20)
  const differences = one.map((loss, i) => Math.abs(loss / (other[i] as number) - 1))
  expect(Math.max(...differences)).toBeLessThan(1e-3)
  // It did learn: a curve that stays is the same anywhere.
  expect(one[19]).toBeLessThan(learnt * (one[0] as number))
})
