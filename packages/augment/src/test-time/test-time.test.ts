import {
  createModel,
  createRegistry,
  type Model,
  type Pixels,
  preprocess,
  random,
  resize,
  toFullyConvolutional,
} from '@convkit/core'
import { arrayDataset } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import { adam, fit } from '@convkit/train'
import zoo from '@convkit/zoo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flipHorizontally } from '../transforms/flip.js'
import { testTime, testTimeMethods } from './test-time.js'

const classes = ['falling', 'rising', 'flat']

/** Stripes that fall, rise or lie, somewhere, with noise: no class is another's mirror image by accident alone. */
function stripes(label: number, index: number, height = 40, width = 48): Pixels {
  const stream = random(2, 'stripes', label, index)
  const slope = [1, -1, 0][label] as number
  const phase = 6 * stream.uniform(0)
  const data = Uint8Array.from({ length: height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    return 128 + 70 * Math.sin(0.8 * (y + slope * x) + phase) + 80 * (stream.uniform(i + 1) - 0.5)
  })
  return { height, width, channels: 1, data }
}

const labels = Array.from({ length: 60 }, (_, i) => i % 3)
const images = [0, 1, 2].flatMap((label) => [100, 101, 102, 103].map((index) => stripes(label, index)))
let model: Model

beforeAll(async () => {
  model = await createModel('lenet5', {
    registry: createRegistry(zoo, onnx),
    classes,
    preprocessing: { inputSize: [32, 32], cropPct: 0.875 },
    engine: 'onnx',
    seed: 1,
  })
  const train = arrayDataset({ images: labels.map((label, index) => stripes(label, index)), labels, classes })
  await fit(model, train, { epochs: 20, batchSize: 12, optimizer: adam({ learningRate: 0.002 }) })
}, 30_000)
afterAll(() => model.dispose())

const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))))

/** Probabilities of crops that are the network's input as they are. */
async function probabilitiesOf(crops: readonly Pixels[]): Promise<number[][]> {
  // The record scales to 36 pixels before its crop of 32: a border of 2 that is cut off again.
  const padded = crops.map(({ channels, data }) => {
    const larger = new Uint8Array(36 * 36)
    for (let y = 0; y < 32; y++) larger.set(data.subarray(32 * y, 32 * y + 32), 36 * (y + 2) + 2)
    return { height: 36, width: 36, channels, data: larger }
  })
  const { probabilities } = await model.infer(padded)
  return crops.map((_, row) => [...probabilities.subarray(row * classes.length, (row + 1) * classes.length)])
}

const meanOf = (rows: readonly (readonly number[])[]) =>
  classes.map((_, c) => rows.reduce((sum, row) => sum + (row[c] as number), 0) / rows.length)

/** Cut out of the image, scaled by hand. */
function cropsOf(
  image: Pixels,
  shorterSide: number,
  offsets: readonly (readonly [number, number])[],
): Pixels[] {
  const scaled = resize(image, shorterSide, Math.floor((shorterSide * 48) / 40), 'bilinear')
  return offsets.map(([top, left]) => {
    const data = new Uint8Array(32 * 32)
    for (let y = 0; y < 32; y++) {
      const from = (top + y) * scaled.width + left
      data.set(scaled.data.subarray(from, from + 32), 32 * y)
    }
    return { height: 32, width: 32, channels: 1, data }
  })
}

describe('testTime on a trained network', () => {
  it('has learnt something', async () => {
    const best = await model.predict(images, { top: 1 })
    expect(best.filter(([first], i) => first?.index === Math.floor(i / 4)).length).toBeGreaterThan(8)
  })

  it('averages the ten crops as by hand', async () => {
    const tenCrop = testTime(model, 'ten-crop')
    const { probabilities } = await tenCrop.infer(images)
    for (const [row, image] of images.entries()) {
      const five = cropsOf(image, 36, [
        [0, 0],
        [0, 43 - 32],
        [4, 0],
        [4, 43 - 32],
        [2, 6],
      ])
      const expected = meanOf(await probabilitiesOf([...five, ...five.map(flipHorizontally)]))
      expect(difference(probabilities.subarray(row * 3, row * 3 + 3), expected)).toBeLessThan(1e-6)
    }
    const [best] = await tenCrop.predict(images[0] as Pixels, { top: 1 })
    expect(best?.probability).toBeCloseTo(Math.max(...probabilities.subarray(0, 3)), 6)
    await tenCrop.dispose()
  })

  it('averages scales and mirror images as by hand', async () => {
    const [image] = images as [Pixels]
    const views = [
      ...cropsOf(image, 32, [[0, 3]]),
      ...cropsOf(image, 36, [[2, 6]]),
      // 32 / (0.875 / 1.125) = 41.1
      ...cropsOf(image, 41, [[4, 8]]),
    ]
    const expected = meanOf(await probabilitiesOf([...views, ...views.map(flipHorizontally)]))
    const multiScale = testTime(model, 'multi-scale')
    expect(difference((await multiScale.infer([image])).probabilities, expected)).toBeLessThan(1e-6)
    await multiScale.dispose()
  })

  it.each(['mean', 'geometric', 'max'] as const)(
    'takes the %s of an image and its mirror image',
    async (average) => {
      const [image] = images as [Pixels]
      const input = preprocess(image, model.preprocessing)
      const [own, mirrored] = (await probabilitiesOf([input, flipHorizontally(input)])) as [
        number[],
        number[],
      ]
      const combined = own.map((p, c) => {
        const q = mirrored[c] as number
        return { mean: (p + q) / 2, geometric: Math.sqrt(p * q), max: Math.max(p, q) }[average]
      })
      const total = combined.reduce((a, b) => a + b)
      const flip = testTime(model, 'flip', { average })
      const { probabilities } = await flip.infer([image])
      expect(
        difference(
          probabilities,
          combined.map((value) => value / total),
        ),
      ).toBeLessThan(1e-6)
      await flip.dispose()
    },
  )

  it('slides densely over the image and its mirror image', async () => {
    const [image] = images as [Pixels]
    const sliding = toFullyConvolutional(model)
    const { probabilities } = await sliding.infer([image, flipHorizontally(image)])
    const expected = meanOf([[...probabilities.subarray(0, 3)], [...probabilities.subarray(3)]])
    const dense = testTime(model, 'dense')
    expect(difference((await dense.infer([image])).probabilities, expected)).toBeLessThan(1e-6)
    await Promise.all([dense.dispose(), sliding.dispose()])
  })

  it('takes views of one’s own', async () => {
    const own = testTime(model, (image) => [preprocess(image, model.preprocessing)])
    expect(
      difference((await own.infer(images)).probabilities, (await model.infer(images)).probabilities),
    ).toBeLessThan(1e-6)
    await own.dispose()
  })

  it.each(testTimeMethods)('%s gives probabilities in order for any number of images', async (method) => {
    const classifier = testTime(model, method)
    const { probabilities } = await classifier.infer(images)
    const singly: number[] = []
    for (const image of images) singly.push(...(await classifier.infer([image])).probabilities)
    expect(difference(probabilities, singly)).toBeLessThan(1e-5)
    for (let row = 0; row < images.length; row++) {
      expect(probabilities.subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    }
    expect((await classifier.infer([])).probabilities).toHaveLength(0)
    await classifier.dispose()
  })

  it('offers the nearest names for an unknown one', () => {
    expect(() => testTime(model, 'tencrop' as 'ten-crop')).toThrow(
      "There is no way to test called 'tencrop' (nearest: ten-crop",
    )
  })
})
