import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  blackPng,
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

describe('formats', () => {
  const original = testPixels(30, 40)

  test.each(['png', 'tiff', 'webp', 'gif', 'jpeg', 'avif'] as const)('%s', async (format) => {
    const quality = format === 'png' ? {} : format === 'webp' ? { lossless: true } : { quality: 95 }
    const pixels = await readImage(await fromPixels(original).toFormat(format, quality).toBuffer())
    expect([pixels.height, pixels.width, pixels.channels]).toEqual([30, 40, 3])
    const isExact = format === 'png' || format === 'webp'
    expect(difference(pixels.data, original.data).mean).toBeLessThanOrEqual(isExact ? 0 : 12)
  })

  test('from a path with spaces and other alphabets', async () => {
    const path = await folder.write('Über uns/猫 и собака.png', await fromPixels(original).png().toBuffer())
    expect(difference((await readImage(path)).data, original.data).max).toBe(0)
  })

  test('the first frame of an animation', async () => {
    const frames = [testPixels(20, 20, 3, 1), testPixels(20, 20, 3, 2)]
    const pages = await Promise.all(frames.map((frame) => fromPixels(frame).png().toBuffer()))
    const animation = await sharp(pages, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer()
    expect((await sharp(animation).metadata()).pages).toBe(2)
    expect(difference((await readImage(animation)).data, frames[0]!.data).max).toBe(0)
  })
})

describe('pixels', () => {
  test('CMYK becomes sRGB', async () => {
    const red = { height: 16, width: 16, channels: 3, data: new Uint8Array(768).fill(0) } as const
    for (let i = 0; i < 768; i += 3) red.data[i] = 200
    const jpeg = await fromPixels(red).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    expect((await sharp(jpeg).metadata()).space).toBe('cmyk')
    const { channels, data } = await readImage(jpeg)
    expect(channels).toBe(3)
    expect(data[0]).toBeGreaterThan(150)
    expect(data[1]).toBeLessThan(60)
  })

  test.each([1, 3] as const)('16 bits become 8: %i channels', async (channels) => {
    const original = testPixels(20, 30, channels)
    const wide = Uint16Array.from(original.data, (value) => value * 257)
    const png = await sharp(wide, { raw: { height: 20, width: 30, channels } })
      .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
      .png()
      .toBuffer()
    expect((await sharp(png).metadata()).depth).toBe('ushort')
    const pixels = await readImage(png, { channels })
    expect(pixels.channels).toBe(channels)
    expect(difference(pixels.data, original.data).max).toBeLessThanOrEqual(1)
  })

  test('grey becomes RGB, or stays grey when asked', async () => {
    const grey = testPixels(20, 30, 1)
    const png = await fromPixels(grey).toColourspace('b-w').png().toBuffer()
    expect((await sharp(png).metadata()).channels).toBe(1)
    const rgb = await readImage(png)
    const repeated = Uint8Array.from({ length: 1800 }, (_, i) => grey.data[Math.floor(i / 3)]!)
    expect(difference(rgb.data, repeated).max).toBe(0)
    expect(difference((await readImage(png, { channels: 1 })).data, grey.data).max).toBe(0)
  })

  test('transparent pixels are laid on white', async () => {
    const half = { r: 100, g: 0, b: 0, alpha: 0.5 }
    const create = { width: 4, height: 4, channels: 4, background: half } as const
    const { data } = await readImage(await sharp({ create }).png().toBuffer())
    const expected = [100, 0, 0].map((value) => (value * 128 + 255 * 127) / 255)
    expected.forEach((value, i) => {
      expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(1)
    })
  })

  test('colour profiles are not applied', async () => {
    const original = testPixels(10, 10)
    const png = await fromPixels(original).withIccProfile('p3', { attach: true }).png().toBuffer()
    const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer()
    expect((await sharp(png).metadata()).hasProfile).toBe(true)
    expect(difference((await readImage(png)).data, stored).max).toBe(0)
  })

  /** Where the shown pixel (y, x) is stored, in an image stored with h rows and w columns. */
  const orientations: Record<number, (y: number, x: number, h: number, w: number) => [number, number]> = {
    1: (y, x) => [y, x],
    2: (y, x, _, w) => [y, w - 1 - x],
    3: (y, x, h, w) => [h - 1 - y, w - 1 - x],
    4: (y, x, h) => [h - 1 - y, x],
    5: (y, x) => [x, y],
    6: (y, x, h) => [h - 1 - x, y],
    7: (y, x, h, w) => [h - 1 - x, w - 1 - y],
    8: (y, x, _, w) => [x, w - 1 - y],
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', async (orientation) => {
    const stored = testPixels(2, 3)
    const png = await fromPixels(stored).withMetadata({ orientation }).png().toBuffer()
    expect((await sharp(png).metadata()).orientation).toBe(orientation)
    const shown = await readImage(png)
    const turned = orientation > 4
    expect([shown.height, shown.width]).toEqual(turned ? [3, 2] : [2, 3])
    for (let y = 0; y < shown.height; y++) {
      for (let x = 0; x < shown.width; x++) {
        const [row, column] = orientations[orientation]!(y, x, 2, 3)
        const at = 3 * (y * shown.width + x)
        const from = 3 * (row * 3 + column)
        expect([...shown.data.subarray(at, at + 3)]).toEqual([...stored.data.subarray(from, from + 3)])
      }
    }
  })
})

describe('what cannot be read is named with a reason', () => {
  const photo = fromPixels(testPixels(90, 90))
  const cases: readonly (readonly [
    name: string,
    content: () => Promise<Uint8Array> | Uint8Array,
    reason: string,
  ])[] = [
    ['zero bytes.jpg', () => new Uint8Array(0), 'is empty'],
    ['text.jpg', () => Buffer.from('This is a text.\n'.repeat(50)), 'is not an image'],
    ['zeros.png', () => new Uint8Array(5000), 'is not an image'],
    ['truncated.jpg', async () => (await testJpeg()).subarray(0, 3000), 'is truncated'],
    ['header only.jpg', async () => (await testJpeg()).subarray(0, 200), 'is truncated'],
    ['truncated.png', async () => (await photo.png().toBuffer()).subarray(0, 4000), 'is truncated'],
    ['truncated.gif', async () => (await photo.gif().toBuffer()).subarray(0, 2500), 'is truncated'],
    ['cut.avif', async () => (await photo.avif().toBuffer()).subarray(0, 600), 'is damaged'],
    ['truncated.webp', async () => (await photo.webp().toBuffer()).subarray(0, 900), 'is truncated'],
    ['huge.png', () => blackPng(20_000), 'has 400 megapixels, more than the limit of 100'],
    [
      'drawing.jpg',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'is not a photo but an SVG drawing',
    ],
  ]

  test.each(cases)('%s', async (name, content, reason) => {
    const bytes = await content()
    const path = await folder.write(name, bytes)
    await expect(readImage(path)).rejects.toMatchObject({ code: 'E_IMAGE', message: `${path} ${reason}` })
    await expect(readImage(bytes)).rejects.toMatchObject({ code: 'E_IMAGE', message: `The image ${reason}` })
    await expect(trainingInput(path)).rejects.toMatchObject({ code: 'E_IMAGE', message: `${path} ${reason}` })
  })

  test('a missing file', async () => {
    const path = join(folder.root, 'nothing.jpg')
    await expect(readImage(path)).rejects.toMatchObject({ code: 'E_IMAGE', message: `${path} is missing` })
    await expect(trainingInput(path)).rejects.toThrow(`${path} is missing`)
  })

  test('a folder', async () => {
    const path = join(folder.root, 'folder.jpg')
    await mkdir(path)
    await expect(readImage(path)).rejects.toMatchObject({ code: 'E_IMAGE', message: `${path} is a folder` })
    await expect(trainingInput(path)).rejects.toThrow(`${path} is a folder`)
  })

  test("an image over a limit of one's own", async () => {
    const jpeg = await testJpeg(200, 300)
    const reading = readImage(jpeg, { maxMegapixels: 0.05 })
    await expect(reading).rejects.toThrow('The image has 0.1 megapixels, more than the limit of 0.05')
  })
})

test('reading many images holds no memory', async () => {
  const png = blackPng(1000)
  let start = 0
  for (let i = 0; i < 70; i++) {
    const { width } = await readImage(png)
    expect(width).toBe(1000)
    if (i === 10) start = process.memoryUsage.rss()
  }
  // 3 MB an image: 180 MB if they were kept
  expect(process.memoryUsage.rss() - start).toBeLessThan(120e6)
}, 20_000)
