import { imagenetPreprocessing } from '@convkit/core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkImages } from '../dataset/check-images.js'
import { imageFiles } from '../formats/encoded-images.js'
import {
  difference,
  fromPixels,
  temporaryFolder,
  testJpeg,
  testPixels,
  trainingInput,
} from '../testing/test-images.js'
import { readImage } from './read-image.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** 8 × 8 pixels of [200, 60, 30] with arithmetic coding, by libjpeg-turbo's cjpeg. */
const arithmeticJpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/yQARCAAIAAgDASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/ALOtykIOCSD/2Q==',
  'base64',
)

/** A JPEG's first EXIF orientation replaced by a value that no image has. */
async function withOrientation(orientation: number): Promise<Buffer> {
  const jpeg = await sharp(await testJpeg(30, 40))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const tag = jpeg.indexOf(Buffer.from('1201', 'hex'))
  const isBigEndian = tag < 0
  const at = isBigEndian ? jpeg.indexOf(Buffer.from('0112', 'hex')) : tag
  if (isBigEndian) jpeg.writeUInt16BE(orientation, at + 8)
  else jpeg.writeUInt16LE(orientation, at + 8)
  return jpeg
}

/** A GIF or PNG that says it has no pixels in one direction. */
const withoutWidth = async () => {
  const png = await fromPixels(testPixels(4, 4)).png().toBuffer()
  png.writeUInt32BE(0, 16)
  return png
}

describe('read as they are', () => {
  test('a progressive JPEG has the pixels of the baseline one', async () => {
    const [baseline, progressive] = await Promise.all(
      [false, true].map(async (isProgressive) => {
        const jpeg = fromPixels(testPixels(60, 80)).jpeg({ progressive: isProgressive, quality: 90 })
        return readImage(await jpeg.toBuffer())
      }),
    )
    expect(difference(progressive!.data, baseline!.data).max).toBeLessThanOrEqual(1)
  })

  test('a JPEG with arithmetic coding', async () => {
    const { height, width, data } = await readImage(arithmeticJpeg)
    expect([height, width]).toEqual([8, 8])
    expect(
      difference(
        data,
        Uint8Array.from({ length: 192 }, (_, i) => [200, 60, 30][i % 3]!),
      ).max,
    ).toBeLessThan(4)
    const input = await trainingInput(await folder.write('arithmetic.jpg', arithmeticJpeg))
    expect(Buffer.compare(input, data)).toBe(0)
  })

  test('crops of what libvips decodes and of what it does not have the same pixels', async () => {
    const pixels = fromPixels(testPixels(60, 80))
    const files = {
      'baseline.jpg': pixels.clone().jpeg(),
      'progressive.jpg': pixels.clone().jpeg({ progressive: true }),
      'turned.jpg': pixels.clone().withMetadata({ orientation: 3 }).jpeg(),
      'misnamed.png': pixels.clone().jpeg(),
    }
    const inputs = new Map<string, Uint8Array>()
    for (const [name, file] of Object.entries(files))
      inputs.set(name, await trainingInput(await folder.write(name, await file.toBuffer())))
    const baseline = inputs.get('baseline.jpg')!
    expect(difference(inputs.get('progressive.jpg')!, baseline).max).toBe(0)
    expect(difference(inputs.get('misnamed.png')!, baseline).max).toBe(0)
    // Upside down in both directions
    const pixelAt = (data: Uint8Array, i: number) => [...data.subarray(3 * i, 3 * i + 3)]
    for (let i = 0; i < 64; i++) {
      const turned = pixelAt(inputs.get('turned.jpg')!, 63 - i)
      for (const [c, level] of pixelAt(baseline, i).entries())
        expect(Math.abs(level - turned[c]!)).toBeLessThanOrEqual(3)
    }
  })

  test('an EXIF orientation that there is not turns nothing', async () => {
    for (const orientation of [0, 9, 65_535]) {
      const { height, width } = await readImage(await withOrientation(orientation))
      expect([height, width]).toEqual([30, 40])
    }
    expect(await readImage(await withOrientation(8))).toMatchObject({ height: 40, width: 30 })
  })

  test.each([
    [1, 1],
    [1, 10_000],
    [10_000, 1],
  ])('%i × %i pixels, also as a training crop and in evaluation', async (height, width) => {
    const path = await folder.write(`${height}x${width}.jpg`, await testJpeg(height, width))
    expect(await readImage(path)).toMatchObject({ height, width })
    const dataset = imageFiles({ paths: [path], labels: [0], classes: ['one'] })
    const preprocessing = { ...imagenetPreprocessing, inputSize: [8, 8], cropPct: 1 } as const
    expect(await dataset.input(0, preprocessing)).toHaveLength(192)
    expect(await trainingInput(path)).toHaveLength(192)
  })

  test('of a GIF with 100 frames the first, and no more is decoded', async () => {
    const side = 100
    const frames = Array.from({ length: 100 }, (_, i) => ({
      create: {
        width: side,
        height: side,
        channels: 3 as const,
        background: { r: (67 * i) % 256, g: (151 * i) % 256, b: 200 },
      },
    }))
    const gif = await sharp(await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer())), {
      join: { animated: true },
    })
      .gif()
      .toBuffer()
    expect((await sharp(gif).metadata()).pages).toBe(100)
    // All frames are a megapixel
    expect(await trainingInput(await folder.write('frames.gif', gif))).toHaveLength(192)
    const { height, width, data } = await readImage(gif, { maxMegapixels: 0.02 })
    expect([height, width, data.length]).toEqual([side, side, side * side * 3])
    expect([...data.subarray(0, 3)].map((level) => level > 100)).toEqual([false, false, true])
  })
})

describe('never read, whatever their names', () => {
  const cases: readonly (readonly [string, () => Promise<Uint8Array> | Uint8Array, string])[] = [
    [
      'document.jpg',
      () => Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n'),
      'is not a photo but a PDF document',
    ],
    [
      'drawing.png',
      () =>
        Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'is not a photo but an SVG drawing',
    ],
    ['no width.png', withoutWidth, 'is damaged'],
    [
      'bomb.png',
      async () => (await import('../testing/test-images.js')).blackPng(20_000),
      'has 400 megapixels, more than the limit of 100',
    ],
  ]

  test.each(cases)('%s: by itself, in a check and in batches', async (name, content, reason) => {
    const path = await folder.write(name, await content())
    const before = process.memoryUsage.rss()
    await expect(readImage(path)).rejects.toMatchObject({ code: 'E_IMAGE', message: `${path} ${reason}` })
    await expect(trainingInput(path)).rejects.toMatchObject({ message: `${path} ${reason}` })
    const good = await folder.write('good.jpg', await testJpeg())
    const dataset = imageFiles({ paths: [path, good], labels: [0, 1], classes: ['bad', 'good'] })
    expect((await checkImages(dataset)).unreadable).toEqual([{ path, reason }])
    expect(process.memoryUsage.rss() - before).toBeLessThan(150e6)
  })
})
