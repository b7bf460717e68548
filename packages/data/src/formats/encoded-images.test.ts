import { imagenetPreprocessing } from '@convkit/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder, testPng } from '../testing/test-images.js'
import { imageFiles } from './encoded-images.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const paths: string[] = []
beforeAll(async () => {
  folder = await temporaryFolder()
  for (let i = 0; i < 8; i++) paths.push(await folder.write(`${i}.png`, await testPng(i)))
})
afterAll(() => folder.remove())

const files = () => imageFiles({ paths, labels: paths.map((_, i) => i % 2), classes: ['even', 'odd'] })

test('an image, and its row in a batch', async () => {
  const dataset = files()
  const preprocessing = {
    ...imagenetPreprocessing,
    inputSize: [24, 32],
    cropPct: 1,
    cropMode: 'squash',
  } as const
  for await (const { images, labels } of dataset.batches({ batchSize: 8, preprocessing })) {
    expect(Array.from(labels)).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
    for (let i = 0; i < 8; i++) {
      const { pixels } = await dataset.item(i)
      expect(Buffer.compare(pixels.data, images.subarray(i * 2304, (i + 1) * 2304))).toBe(0)
    }
  }
})
