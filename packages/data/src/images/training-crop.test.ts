import { readFile, writeFile } from 'node:fs/promises'
import type { AugmentOptions, ImageExtent, RandomStream } from '@convkit/core'
import { imagenetPreprocessing } from '@convkit/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imageFiles } from '../formats/encoded-images.js'
import { fromPixels, temporaryFolder, testPixels } from '../testing/test-images.js'
import { type DecodedCacheChoice, decodedCache } from './decoded-cache.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const paths: string[] = []
beforeAll(async () => {
  folder = await temporaryFolder()
  for (let i = 0; i < 10; i++) {
    const pixels = fromPixels(testPixels(150 + 20 * i, 230, 3, i))
    const file = i % 3 === 2 ? pixels.png() : pixels.withMetadata({ orientation: 1 + (i % 8) }).jpeg()
    paths.push(await folder.write(`${i}.${i % 3 === 2 ? 'png' : 'jpg'}`, await file.toBuffer()))
  }
})
afterAll(() => folder.remove())

const preprocessing = { ...imagenetPreprocessing, inputSize: [32, 40] as const }
/** Any part, from a few pixels to the whole image. */
const crop = (image: ImageExtent, _: ImageExtent, random: RandomStream) => {
  const share = 0.1 + 0.9 * random.uniform(0)
  const [height, width] = [Math.ceil(image.height * share), Math.ceil(image.width * share)]
  const place = (room: number, at: number) => Math.floor(random.uniform(at) * (room + 1))
  return { height, width, top: place(image.height - height, 1), left: place(image.width - width, 2) }
}

/** The batches of some epochs as text, from one dataset. */
async function epochs(choice: DecodedCacheChoice | undefined, count = 3) {
  const labels = paths.map((_, i) => i % 2)
  const dataset = imageFiles({ paths, labels, classes: ['even', 'odd'], decodedCache: choice })
  const seen: string[] = []
  for (let epoch = 0; epoch < count; epoch++) {
    const augment: AugmentOptions = { augmentation: { name: 'parts', crop, transforms: [] }, seed: 3, epoch }
    const options = { batchSize: 4, preprocessing, shuffle: { seed: 1, epoch }, augment }
    for await (const { images } of dataset.batches(options)) seen.push(Buffer.from(images).toString('base64'))
  }
  return seen
}

describe('what is kept of decoded images', () => {
  test('changes no pixel: none, memory, disk, some of each', async () => {
    const without = await epochs('off')
    expect(new Set(without).size).toBe(without.length)
    const choices: (DecodedCacheChoice | undefined)[] = [
      undefined,
      'auto',
      { memoryBytes: 0, diskBytes: 1e8, folder: folder.root },
      { memoryBytes: 300_000, diskBytes: 400_000 },
    ]
    for (const choice of choices) expect(await epochs(choice)).toEqual(without)
  })

  test.each([
    ['memory', { memoryBytes: 1000 }],
    ['disk', { memoryBytes: 0, diskBytes: 1000 }],
  ])('is no more than %s may hold', async (_, choice) => {
    const cache = decodedCache(choice)!
    const pixels = { height: 10, width: 20, channels: 3, data: new Uint8Array(600).fill(7) } as const
    expect(cache.takes(600)).toBe(true)
    await cache.put('first', pixels)
    expect(cache.takes(600)).toBe(false)
    await cache.put('second', pixels)
    expect(await cache.get('first')).toMatchObject({ height: 10, width: 20, channels: 3 })
    expect([...(await cache.get('first'))!.data]).toEqual([...pixels.data])
    expect(await cache.get('second')).toBeUndefined()
    expect(decodedCache('off')).toBeUndefined()
  })
})

/** What a crop of this share of the height gives. */
const ofHeight = (share: number): AugmentOptions => ({
  augmentation: {
    name: 'upper part',
    crop: ({ height, width }) => ({ left: 0, top: 0, width, height: Math.ceil(share * height) }),
    transforms: [],
  },
  seed: 0,
  epoch: 0,
})

test('of a small crop no more is decoded the first time, and the whole image from the second time on', async () => {
  const [bytes, path] = [await readFile(paths[5] as string), await folder.write('twice.png', '')]
  const inputs = async (crops: number) => {
    await writeFile(path, bytes)
    const dataset = imageFiles({ paths: [path], labels: [0], classes: ['all'] })
    for (let i = 0; i < crops; i++) await dataset.input(0, preprocessing, { augment: ofHeight(0.4) })
    await writeFile(path, 'gone')
    return dataset.input(0, preprocessing, { augment: ofHeight(0.3) })
  }
  await expect(inputs(1)).rejects.toMatchObject({ code: 'E_IMAGE' })
  expect(await inputs(2)).toHaveLength(32 * 40 * 3)
})

test('images come from their files once where they fit', async () => {
  const labels = paths.map(() => 0)
  const dataset = imageFiles({ paths: [...paths], labels, classes: ['all'] })
  const whole = (image: ImageExtent) => ({ left: 0, top: 0, ...image })
  const augment: AugmentOptions = {
    augmentation: { name: 'whole', crop: whole, transforms: [] },
    seed: 0,
    epoch: 0,
  }
  const first = await dataset.input(2, preprocessing, { augment })
  await folder.write('2.png', 'gone')
  expect(await dataset.input(2, preprocessing, { augment })).toEqual(first)
})
