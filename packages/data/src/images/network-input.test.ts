import { cropOffset, imagenetPreprocessing, type Preprocessing, preprocess, scaledSize } from '@convkit/core'
import { describe, expect, test } from 'vitest'
import { difference, fromPixels, testPixels } from '../testing/test-images.js'
import { imageHeader } from './image-header.js'
import { sourceOf } from './image-source.js'
import { networkInput } from './network-input.js'
import { readImage } from './read-image.js'

const at56: Preprocessing = { ...imagenetPreprocessing, inputSize: [56, 56] }

/** An image through libvips, against core's port of PIL's resize on the decoded image. */
async function compare(file: Uint8Array, preprocessing: Preprocessing) {
  const source = sourceOf(file)
  const input = await networkInput(source, await imageHeader(source), preprocessing)
  const expected = preprocess(await readImage(file), preprocessing)
  return difference(input, expected.data)
}

describe('the same pixels as core gives for decoded images', () => {
  const shapes = {
    'smaller: both sides enlarged': [40, 50],
    'larger: both sides reduced': [150, 97],
    'more than four times larger': [400, 300],
    'of the size before the crop': [64, 64],
    'of the height before the crop': [64, 90],
    'long and thin': [9, 700],
  } as const

  for (const [name, [height, width]] of Object.entries(shapes)) {
    for (const interpolation of ['bilinear', 'bicubic', 'nearest'] as const) {
      for (const cropMode of ['center', 'squash'] as const) {
        test(`${name}, ${interpolation}, ${cropMode}`, async () => {
          const png = await fromPixels(testPixels(height, width)).png().toBuffer()
          const { mean } = await compare(png, { ...at56, interpolation, cropMode })
          expect(mean).toBeLessThanOrEqual(interpolation === 'nearest' ? 0 : 1)
        })
      }
    }
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i, enlarged and reduced', async (orientation) => {
    for (const [height, width] of [
      [40, 50],
      [120, 90],
    ] as const) {
      const image = fromPixels(testPixels(height, width)).withMetadata({ orientation })
      expect((await compare(await image.png().toBuffer(), at56)).mean).toBeLessThanOrEqual(1)
    }
  })

  test('grey networks', async () => {
    const png = await fromPixels(testPixels(90, 120)).png().toBuffer()
    const input = await networkInput(sourceOf(png), { height: 90, width: 120 }, { ...at56, channels: 1 })
    expect(input).toHaveLength(56 * 56)
    expect((await compare(png, { ...at56, channels: 1 })).mean).toBeLessThanOrEqual(1)
  })

  test('a crop that is larger than the scaled image is black outside it', async () => {
    const png = await fromPixels(testPixels(90, 120)).png().toBuffer()
    expect(await compare(png, { ...at56, cropPct: 1.25 })).toEqual({ mean: 0, max: 0 })
  })

  test('a JPEG that is shrunk while it is decoded', async () => {
    const jpeg = await fromPixels(testPixels(600, 800)).jpeg({ quality: 95 }).toBuffer()
    expect((await compare(jpeg, at56)).mean).toBeLessThanOrEqual(1)
  })
})

test('the scaled size truncates the longer side, and crops start at the even half', () => {
  expect(scaledSize({ height: 333, width: 500 }, imagenetPreprocessing)).toEqual([256, 384])
  expect([341, 343, 384, 224].map((size) => cropOffset(size, 224))).toEqual([58, 60, 80, 0])
})

test('an unreadable image is named', async () => {
  const failing = networkInput(sourceOf('missing.png'), { height: 10, width: 10 }, at56)
  await expect(failing).rejects.toMatchObject({ code: 'E_IMAGE', message: 'missing.png is missing' })
})
