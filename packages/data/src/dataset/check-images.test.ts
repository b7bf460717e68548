import { join } from 'node:path'
import { imagenetPreprocessing } from '@convkit/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrayDataset } from '../formats/array-dataset.js'
import { imageFolder } from '../formats/image-folder.js'
import { blackPng, temporaryFolder, testJpeg, testPixels, testPng } from '../testing/test-images.js'
import { checkImages } from './check-images.js'
import { withoutUnreadable } from './subset.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  for (let i = 0; i < 6; i++) await folder.write(`cat/${i}.png`, await testPng(i, 20 + i, 40))
  for (let i = 0; i < 4; i++) await folder.write(`dog/${i}.png`, await testPng(i, 50, 30))
  await folder.write('cat/empty.jpg', '')
  await folder.write('cat/text.jpg', 'no image')
  await folder.write('dog/huge.png', blackPng(20_000))
  const jpeg = await testJpeg()
  await folder.write('dog/tail.jpg', jpeg.subarray(0, jpeg.length - 600))
  await folder.write('dog/whole.jpg', jpeg)
})
afterAll(() => folder.remove())

const unreadable = () =>
  [
    ['cat', 'empty.jpg', 'is empty'],
    ['cat', 'text.jpg', 'is not an image'],
    ['dog', 'huge.png', 'has 400 megapixels, more than the limit of 100'],
    ['dog', 'tail.jpg', 'is truncated'],
  ].map(([label, name, reason]) => ({ path: join(folder.root, label!, name!), reason }))

test('names what cannot be read, in order, and counts the rest', async () => {
  const { train } = await imageFolder(folder.root)
  const progress: number[] = []
  const check = await checkImages(train, {
    onProgress({ done, total }) {
      expect(total).toBe(15)
      progress.push(done)
    },
  })
  const { sha256, ...counts } = check
  expect(counts).toEqual({
    images: 11,
    classes: [
      { label: 'cat', images: 6 },
      { label: 'dog', images: 5 },
    ],
    shorterSide: { smallest: 20, median: 25, largest: 120 },
    unreadable: unreadable(),
  })
  expect(sha256.map((hash) => hash !== undefined)).toEqual(
    Array.from({ length: 15 }, (_, i) => !check.unreadable.some(({ path }) => path === train.path(i))),
  )
  expect(progress).toEqual(Array.from({ length: 15 }, (_, i) => i + 1))
  const readable = withoutUnreadable(train, check.unreadable)
  expect(readable.length).toBe(11)
  expect((await checkImages(readable)).unreadable).toEqual([])
})

test('batches leave out the same images', async () => {
  const { train } = await imageFolder(folder.root)
  const preprocessing = { ...imagenetPreprocessing, inputSize: [16, 16] } as const
  let count = 0
  for await (const batch of train.batches({ batchSize: 4, preprocessing, onUnreadable: 'skip' }))
    count += batch.count
  expect(count).toBe(11)
  expect(train.unreadable).toEqual(unreadable())
})

test('an abort ends the check with its reason', async () => {
  const { train } = await imageFolder(folder.root)
  const controller = new AbortController()
  const checking = checkImages(train, {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  })
  await expect(checking).rejects.toThrow('enough')
})

test('datasets in memory, and an empty one', async () => {
  const images = [testPixels(4, 5), testPixels(6, 3)]
  const dataset = arrayDataset({ images, labels: [0, 0], classes: ['a', 'b'] })
  expect(await checkImages(dataset)).toEqual({
    images: 2,
    classes: [
      { label: 'a', images: 2 },
      { label: 'b', images: 0 },
    ],
    shorterSide: { smallest: 3, median: 4, largest: 4 },
    unreadable: [],
    sha256: [undefined, undefined],
  })
  const nothing = arrayDataset({ images: [], labels: [], classes: [] })
  expect(await checkImages(nothing)).toEqual({ images: 0, classes: [], unreadable: [], sha256: [] })
})
