import { imagenetPreprocessing } from '@convkit/core'
import { describe, expect, test } from 'vitest'
import { arrayDataset } from '../formats/array-dataset.js'
import { classWeights, oversampled } from './class-balance.js'
import { defineDataset } from './define-dataset.js'

const image = { height: 1, width: 1, channels: 3, data: new Uint8Array(3) } as const
const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
const dataset = arrayDataset({ images: labels.map(() => image), labels, classes: ['cat', 'dog'] })

test('classWeights are scikit-learn’s', () => {
  expect(classWeights(dataset)).toEqual([10 / 16, 10 / 4])
})

describe('oversampled', () => {
  const preprocessing = { ...imagenetPreprocessing, inputSize: [1, 1] } as const
  const drawn = async (epoch: number) => {
    const counts = [0, 0]
    const options = { batchSize: 5, preprocessing, shuffle: { seed: 1, epoch } }
    for await (const batch of oversampled(dataset).batches(options))
      for (const label of batch.labels) (counts[label] as number)++
    return counts
  }

  test('draws each class as often, in an epoch of the same length', async () => {
    for (const epoch of [0, 1, 2]) expect(await drawn(epoch)).toEqual([5, 5])
  })

  test('an image of several labels as its rarest', () => {
    const several = defineDataset({
      classes: ['cat', 'dog'],
      labels: [0, 0, 1, 0],
      targets: Uint8Array.of(1, 0, 1, 0, 1, 1, 0, 0),
      path: String,
      item: () => image,
    })
    expect([...(oversampled(several).weights as number[])]).toEqual([4 / 6, 4 / 6, 2, 1])
  })
})
