import fc from 'fast-check'
import sharp, { type JpegOptions, type Region } from 'sharp'
import { describe, expect, test } from 'vitest'
import { fromPixels, temporaryFolder, testPixels } from '../testing/test-images.js'
import { decodeJpeg } from './decode-jpeg.js'
import { jpegHeader } from './jpeg-header.js'

type Shrink = 1 | 2 | 4 | 8

const jpeg = (height: number, width: number, options: JpegOptions, channels: 1 | 3 = 3) =>
  fromPixels(testPixels(height, width, channels))
    .jpeg(options)
    .toBuffer()

const whole = (
  { height, width }: { readonly height: number; readonly width: number },
  shrink: Shrink = 1,
) => ({
  left: 0,
  top: 0,
  height: Math.floor(height / shrink),
  width: Math.floor(width / shrink),
})

/** 24 × 40 pixels by Pillow: 4:2:0 with a restart after every two units. */
const withRestarts = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAYACgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/90ABAAC/9oADAMBAAIRAxEAPwDl0t/ap0tvarsdv7VajtvapprnMqeIsZ6WvtU6WntWgIgvGMmpFhZvb6VpL2UXy7s9CliGf//QpraAdeKK01tVXGeKKluPVJerPbjX03IIrf2q0IdqjA5NFFYU5yjRclufEU5u5//RvRW3tUyxEnCjA9aKK5JNxUYx0uclKbJlt1XjGT6UUUVzuclJxjpY9GMnY//Z',
  'base64',
)

/** The same in 4:2:2. */
const halfWidth = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAYACgDASEAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDl0t/ap0tvapXvFU6hOlr7VOlp7VoqHMejTqk62gHXiiiVCnF2k0jvjVdivHb+1Wo7b2qMP7x8jCoTiILxjJqRYWb2+laVa0nL2dPS27PQpT6smW1VcZ4orntRh7snqehGo2iCK39qtCHaowOTSo1OSk5o+RpzuySK29qmWIk4UYHrWfM6cEo7s9KnO5Mtuq8YyfSisXUjT92Mb2PQjO6P/9k=',
  'base64',
)

/** What libvips decodes. */
const reference = async (bytes: Buffer, part?: Region) => {
  const image = sharp(bytes, { ignoreIcc: true })
  return (part ? image.extract(part) : image).raw().toBuffer()
}

function decoded(bytes: Buffer, shrink: Shrink, part?: ReturnType<typeof whole>) {
  const header = jpegHeader(bytes)
  const pixels = header && decodeJpeg(bytes, header, shrink, part ?? whole(header, shrink))
  return pixels && { ...pixels, data: pixels.data.slice() }
}

describe('to the pixels of libjpeg', () => {
  test.each(
    ['4:4:4', '4:2:0'].flatMap((chromaSubsampling) =>
      [30, 75, 98].flatMap((quality) =>
        [
          [16, 16],
          [17, 33],
          [64, 48],
          [151, 203],
        ].map(([height, width]) => [chromaSubsampling, quality, height as number, width as number] as const),
      ),
    ),
  )('%s, quality %i, %i × %i', async (chromaSubsampling, quality, height, width) => {
    const bytes = await jpeg(height, width, { chromaSubsampling, quality })
    const pixels = decoded(bytes, 1)
    expect([pixels?.height, pixels?.width]).toEqual([height, width])
    expect(Buffer.compare(pixels!.data, await reference(bytes))).toBe(0)
  })

  test('grey, with tables of its own and with restarts', async () => {
    const grey = await fromPixels(testPixels(75, 90, 1))
      .toColourspace('b-w')
      .jpeg()
      .toBuffer()
    const greyPixels = decoded(grey, 1)!
    expect(greyPixels.channels).toBe(1)
    expect(Buffer.compare(greyPixels.data, await sharp(grey).toColourspace('b-w').raw().toBuffer())).toBe(0)
    const optimized = await jpeg(75, 90, { optimiseCoding: true, quality: 95 })
    expect(Buffer.compare(decoded(optimized, 1)!.data, await reference(optimized))).toBe(0)
    expect(jpegHeader(withRestarts)?.restartInterval).toBe(2)
    expect(Buffer.compare(decoded(withRestarts, 1)!.data, await reference(withRestarts))).toBe(0)
  })

  test('noise and flat areas of any contrast, at any quality, with tables of any kind', async () => {
    const image = fc.record({
      height: fc.integer({ min: 16, max: 40 }),
      width: fc.integer({ min: 16, max: 40 }),
      contrast: fc.constantFrom(0, 3, 30, 255),
      flat: fc.integer({ min: 0, max: 40 }),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      quality: fc.integer({ min: 1, max: 100 }),
      chromaSubsampling: fc.constantFrom('4:4:4', '4:2:0'),
      optimiseCoding: fc.boolean(),
    })
    const property = fc.asyncProperty(image, async ({ height, width, contrast, flat, seed, ...options }) => {
      let state = seed
      const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
        state = (Math.imul(state, 48_271) >>> 0) % 0x7fff_ffff
        return i < flat * width * 3 ? 90 : 128 + ((state % (contrast + 1)) - contrast / 2)
      })
      const bytes = await fromPixels({ height, width, channels: 3, data }).jpeg(options).toBuffer()
      expect(Buffer.compare(decoded(bytes, 1)!.data, await reference(bytes))).toBe(0)
      // Behind blocks that are only read over
      const last = { left: width - 2, top: height - 2, width: 2, height: 2 }
      expect(Buffer.compare(decoded(bytes, 1, last)!.data, await reference(bytes, last))).toBe(0)
    })
    await fc.assert(property, { numRuns: 200 })
  })

  test('chroma of half the width', async () => {
    expect(jpegHeader(halfWidth)?.components[0]).toMatchObject({ across: 2, down: 1 })
    expect(Buffer.compare(decoded(halfWidth, 1)!.data, await reference(halfWidth))).toBe(0)
  })

  test.each(['4:4:4', '4:2:0'])('at ½, ¼ and ⅛ of the size, %s', async (chromaSubsampling) => {
    const folder = await temporaryFolder()
    const bytes = await jpeg(203, 251, { chromaSubsampling, quality: 92 })
    const path = await folder.write('photo.jpg', bytes)
    for (const shrink of [2, 4, 8] as const) {
      const expected = await sharp(`${path}[shrink=${shrink}]`).raw().toBuffer()
      expect(Buffer.compare(decoded(bytes, shrink)!.data, expected)).toBe(0)
    }
    await folder.remove()
  })

  test('any part, as if all had been decoded', async () => {
    const files = await Promise.all(
      ['4:4:4', '4:2:0'].map((chromaSubsampling) => jpeg(93, 121, { chromaSubsampling, quality: 90 })),
    )
    const all = files.map((bytes) => decoded(bytes, 1)!)
    fc.assert(
      fc.property(fc.nat(1), fc.nat(92), fc.nat(120), fc.nat(92), fc.nat(120), (file, y0, x0, y1, x1) => {
        const [top, left] = [Math.min(y0, y1), Math.min(x0, x1)]
        const part = { top, left, height: Math.abs(y0 - y1) + 1, width: Math.abs(x0 - x1) + 1 }
        const { data } = decoded(files[file]!, 1, part)!
        for (let y = 0; y < part.height; y++) {
          const from = 3 * ((top + y) * 121 + left)
          const row = data.subarray(3 * y * part.width, 3 * (y + 1) * part.width)
          expect(Buffer.compare(row, all[file]!.data.subarray(from, from + 3 * part.width))).toBe(0)
        }
      }),
      { numRuns: 150 },
    )
  })
})

test('what damaged files hold ends in pixels or in none', async () => {
  const bytes = await jpeg(40, 56, { quality: 80, chromaSubsampling: '4:2:0' })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      fc.nat(bytes.length),
      (changes, cut) => {
        const damaged = Buffer.from(bytes)
        for (const [at, value] of changes) damaged[at] = value
        for (const file of [damaged, bytes.subarray(0, cut)]) {
          const header = jpegHeader(file)
          if (!header || header.height * header.width > 1e6) continue
          const pixels = decodeJpeg(file, header, 1, whole(header))
          if (pixels) expect(pixels.data).toHaveLength(header.height * header.width * pixels.channels)
        }
      },
    ),
    { numRuns: 400 },
  )
  // And whole ones are whole afterwards.
  expect(Buffer.compare(decoded(bytes, 1)!.data, await reference(bytes))).toBe(0)
})

describe('is not for', () => {
  test.each([
    ['progressive files', () => jpeg(40, 40, { progressive: true })],
    ['CMYK', () => fromPixels(testPixels(40, 40)).toColourspace('cmyk').jpeg().toBuffer()],
    [
      'what EXIF turns',
      () => fromPixels(testPixels(40, 40)).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    ],
    ['PNG', () => fromPixels(testPixels(40, 40)).png().toBuffer()],
  ])('%s', async (_, make) => {
    expect(jpegHeader(await make())).toBeUndefined()
  })

  test('small images and cut off scans', async () => {
    expect(decoded(await jpeg(15, 40, {}), 1)).toBeUndefined()
    const bytes = await jpeg(60, 60, {})
    expect(decoded(bytes.subarray(0, bytes.length - 300), 1)).toBeUndefined()
  })

  test('EXIF that turns nothing is no hindrance', async () => {
    const upright = await fromPixels(testPixels(40, 50)).withMetadata({ orientation: 1 }).jpeg().toBuffer()
    expect(jpegHeader(upright)).toMatchObject({ height: 40, width: 50 })
  })
})
