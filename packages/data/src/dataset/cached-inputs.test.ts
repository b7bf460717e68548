import { imagenetPreprocessing } from '@convkit/core'
import { expect, test } from 'vitest'
import { cachedInputs } from './cached-inputs.js'
import { defineDataset } from './define-dataset.js'

const preprocessing = { ...imagenetPreprocessing, inputSize: [1, 2], channels: 1 } as const

function countingDataset() {
  const decoded: number[] = []
  const dataset = defineDataset({
    classes: ['a', 'b'],
    labels: [0, 1, 1],
    path: String,
    item: (index) => ({ height: 1, width: 2, channels: 1, data: Uint8Array.of(index, index) }),
    input(index) {
      decoded.push(index)
      return Uint8Array.of(index, 10 + index)
    },
  })
  return { dataset, decoded }
}

async function imagesOf(dataset: ReturnType<typeof cachedInputs>) {
  const images: number[][] = []
  for await (const batch of dataset.batches({ batchSize: 2, preprocessing })) images.push([...batch.images])
  return images
}

test('images are decoded once, and are the same ever after', async () => {
  const { dataset, decoded } = countingDataset()
  const cached = cachedInputs(dataset, preprocessing)
  const once = await imagesOf(cached)
  expect(once).toEqual([
    [0, 10, 1, 11],
    [2, 12, 0, 0],
  ])
  expect(await imagesOf(cached)).toEqual(once)
  expect(decoded).toEqual([0, 1, 2])
})

test('a dataset that does not fit into memory is left as it is', () => {
  const { dataset } = countingDataset()
  expect(cachedInputs(dataset, preprocessing, 23)).toBe(dataset)
  expect(cachedInputs(dataset, preprocessing, 24)).not.toBe(dataset)
})

test('another preprocessing is not given what was cached for the first', async () => {
  const { dataset, decoded } = countingDataset()
  const cached = cachedInputs(dataset, preprocessing)
  await cached.input(0, preprocessing)
  await cached.input(0, { ...preprocessing })
  expect(decoded).toEqual([0])
  await cached.input(0, { ...preprocessing, cropMode: 'squash' })
  expect(decoded).toEqual([0, 0])
})
