import { describe, expect, it } from 'vitest'
import { augmentedInput, cropFor, cropPixels, mixBatch, transformImage } from './augment.js'
import type { Augmentation, AugmentOptions } from './augmentation.js'
import type { Batch } from './dataset.js'
import { imagenetPreprocessing, type Pixels } from './preprocessing.js'
import { preprocess } from './resample.js'

const preprocessing = {
  ...imagenetPreprocessing,
  inputSize: [2, 2] as const,
  channels: 1 as const,
  cropPct: 1,
}
const image: Pixels = {
  height: 3,
  width: 4,
  channels: 1,
  data: Uint8Array.from({ length: 12 }, (_, i) => 10 * i),
}

/** Replaces the image by what it draws, so that streams show. */
const drawing = {
  name: 'draw',
  apply: (input: Pixels, random: { uint32(at: number): number }) => ({
    ...input,
    data: input.data.map((byte) => byte ^ random.uint32(0)),
  }),
}

const augmentation: Augmentation = {
  name: 'test',
  crop: ({ height, width }, _output, random) => ({
    left: random.uint32(0) % (width - 1),
    top: random.uint32(1) % (height - 1),
    width: 2,
    height: 2,
  }),
  transforms: [drawing, drawing],
  mix: {
    name: 'mix',
    apply: ({ labels, size }, random) => ({
      labels: labels.map(() => random.uint32(0) & 7),
      shares: new Float32Array(size),
    }),
  },
}
const augment: AugmentOptions = { augmentation, seed: 1, epoch: 0 }

const batch: Batch = {
  images: new Uint8Array(2),
  size: 2,
  count: 2,
  height: 1,
  width: 1,
  channels: 1,
  labels: Int32Array.of(0, 1),
  indices: Int32Array.of(0, 1),
}

describe('augmentedInput', () => {
  it('is a crop, then the transforms, each with a stream of its own', async () => {
    for (const index of [0, 1, 2, 3]) {
      const crop = cropFor(augment, index, image, [2, 2])
      if (!crop) throw new Error('no crop')
      const expected = await transformImage(cropPixels(image, crop, preprocessing), augment, index)
      expect(await augmentedInput(image, preprocessing, augment, index)).toEqual(expected)
    }
    // Two transforms that drew the same number would undo each other.
    const twice = await transformImage(image, augment, 0)
    expect(twice.data).not.toEqual(image.data)
  })

  it('differs between images, epochs and seeds, and repeats for the same', async () => {
    const inputs = [
      [augment, 0],
      [augment, 1],
      [{ ...augment, epoch: 1 }, 0],
      [{ ...augment, seed: 2 }, 0],
    ] as const
    const results = await Promise.all(
      inputs.map(async ([options, index]) => `${(await transformImage(image, options, index)).data}`),
    )
    expect(new Set(results).size).toBe(4)
    expect(`${(await transformImage(image, { ...augment }, 0)).data}`).toBe(results[0])
  })

  it('is what evaluation takes without an augmentation, or without its parts', async () => {
    const plain = preprocess(image, preprocessing)
    expect(await augmentedInput(image, preprocessing, undefined, 0)).toEqual(plain)
    const empty = { ...augment, augmentation: { name: 'none', transforms: [] } }
    expect(await augmentedInput(image, preprocessing, empty, 0)).toEqual(plain)
  })
})

describe('cropPixels', () => {
  it('takes the part as it is where it has the input size', () => {
    const part = cropPixels(image, { left: 1, top: 1, width: 2, height: 2 }, preprocessing)
    expect([...part.data]).toEqual([50, 60, 90, 100])
  })

  it('scales the part, and gives it the network’s channels', () => {
    const color = { ...preprocessing, inputSize: [1, 1] as const, channels: 3 as const }
    const part = cropPixels(image, { left: 0, top: 0, width: 2, height: 2 }, color)
    expect(part).toMatchObject({ height: 1, width: 1, channels: 3 })
    expect([...part.data]).toEqual([25, 25, 25])
  })
})

describe('mixBatch', () => {
  it('mixes by seed, epoch and number of the batch', () => {
    const labelsOf = (options: AugmentOptions, number: number) =>
      mixBatch(batch, options, number).mixed?.labels
    expect(labelsOf(augment, 3)).toEqual(labelsOf(augment, 3))
    const different = [0, 1, 2, 3, 4, 5].map((number) => `${labelsOf(augment, number)}`)
    expect(new Set(different).size).toBeGreaterThan(1)
  })

  it('leaves a batch alone where the augmentation does not mix', () => {
    expect(mixBatch(batch, { ...augment, augmentation: { name: 'none', transforms: [] } }, 0)).toBe(batch)
  })
})
