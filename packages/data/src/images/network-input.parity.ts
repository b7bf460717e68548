import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imagenetPreprocessing, type Pixels, type Preprocessing } from '@convkit/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runPython } from '../../../../tools/python.mjs'
import { difference, fromPixels, temporaryFolder } from '../testing/test-images.js'
import { imageHeader } from './image-header.js'
import { sourceOf } from './image-source.js'
import { networkInput } from './network-input.js'

const photos = {
  'small.jpg': [240, 320],
  'thumbnail.png': [99, 120],
  'portrait.jpg': [500, 333],
  'landscape.png': [333, 500],
  'large.jpg': [1950, 2600],
  'large.png': [1500, 2000],
} as const

/** An image with the spectrum of photographs: each octave of detail has half the contrast of the one before. */
function photoPixels(height: number, width: number): Pixels {
  const data = new Uint8ClampedArray(height * width * 3)
  const octaves = [1024, 512, 256, 128, 64, 32, 16, 8, 4]
  const waves = octaves.map((period, octave) =>
    [0, 1, 2].map((c) => {
      const wave = (size: number, phase: number) =>
        Float32Array.from({ length: size }, (_, i) => Math.sin((2 * Math.PI * i) / period + phase))
      return {
        rows: wave(height, octave + c),
        columns: wave(width, 2 * octave - c),
        contrast: 90 / 2 ** octave,
      }
    }),
  )
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, i++) {
        let value = 128
        for (const octave of waves) {
          const { rows, columns, contrast } = octave[c] as (typeof octave)[number]
          value += contrast * (rows[y] as number) * (columns[x] as number)
        }
        data[i] = value
      }
    }
  }
  return { height, width, channels: 3, data: new Uint8Array(data.buffer) }
}

const preprocessings: Record<string, Preprocessing> = {
  'bilinear, 224 of 256': imagenetPreprocessing,
  'bicubic, 224 of 235': { ...imagenetPreprocessing, interpolation: 'bicubic', cropPct: 0.95 },
  'bilinear, squashed': { ...imagenetPreprocessing, cropMode: 'squash', cropPct: 1 },
}

/** Every photo with every preprocessing. */
const cases = Object.keys(photos).flatMap((photo) =>
  Object.keys(preprocessings).map((name, i) => ({ photo, name, out: `${photo}-${i}.raw` })),
)

describe('evaluation preprocessing is that of torchvision and timm', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>

  beforeAll(async () => {
    folder = await temporaryFolder()
    for (const [photo, [height, width]] of Object.entries(photos)) {
      const image = fromPixels(photoPixels(height, width))
      const file = photo.endsWith('.png') ? image.png() : image.jpeg({ quality: 90 })
      await folder.write(photo, await file.toBuffer())
    }
    const jobs = cases.map(({ photo, name, out }) => {
      const { interpolation, cropPct, cropMode, inputSize } = preprocessings[name] as Preprocessing
      const paths = { path: join(folder.root, photo), out: join(folder.root, out) }
      return { ...paths, size: inputSize[0], crop_pct: cropPct, crop_mode: cropMode, interpolation }
    })
    const list = await folder.write('cases.json', JSON.stringify(jobs))
    runPython(fileURLToPath(new URL('../../../../tools/parity/network-input.py', import.meta.url)), [list])
  })
  afterAll(() => folder.remove())

  test.each(cases)('$photo, $name', async ({ photo, name, out }) => {
    const source = sourceOf(join(folder.root, photo))
    const preprocessing = preprocessings[name] as Preprocessing
    const input = await networkInput(source, await imageHeader(source), preprocessing)
    const { mean } = difference(input, await readFile(join(folder.root, out)))
    expect(mean).toBeLessThanOrEqual(1)
  })
})
