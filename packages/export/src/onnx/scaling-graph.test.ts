import { imagenetPreprocessing, type Preprocessing, preprocess } from '@convkit/core'
import { expect, it } from 'vitest'
import { checkImages } from '../check/check-images.js'
import { inputName } from '../graph/inference-graph.js'
import { imageAxes } from './encode-onnx.js'
import { imageValues } from './open-onnx.js'
import { runGraph } from './run-graph.js'
import { scaledName, scalingGraph } from './scaling-graph.js'

/** Larger, odd, with halves to crop, of the size before the crop already, and smaller than the input. */
const sizes = [
  [97, 61],
  [40, 83],
  [45, 45],
  [64, 64],
  [16, 30],
  [7, 5],
] as const

const record = (changes: Partial<Preprocessing>): Preprocessing => ({
  ...imagenetPreprocessing,
  inputSize: [40, 40],
  ...changes,
})

it.each<[string, Preprocessing]>([
  ['bilinear', record({})],
  ['bicubic', record({ interpolation: 'bicubic', cropPct: 0.95 })],
  ['nearest', record({ interpolation: 'nearest' })],
  ['a side that is not square', record({ inputSize: [32, 48], cropPct: 0.9 })],
  ['squash', record({ inputSize: [32, 24], cropMode: 'squash', cropPct: 1 })],
  ['grey', record({ channels: 1, mean: [0], std: [1], cropPct: 1 })],
])('%s gives the pixels that convkit gives', async (_, preprocessing) => {
  const scaling = await runGraph(scalingGraph(preprocessing), [scaledName], imageAxes)
  for (const [height, width] of sizes) {
    const images = checkImages({ ...preprocessing, inputSize: [height, width] }, 2, height)
    const feeds = new Map([[inputName, imageValues(images, preprocessing)]])
    const { shape, data = [] } = (await scaling.run(feeds)).get(scaledName) ?? {}
    const expected = images.flatMap((image) => [...preprocess(image, preprocessing).data])
    expect(shape).toEqual([2, ...preprocessing.inputSize, preprocessing.channels])
    const differences = expected.map((value, i) => Math.abs(value - (data[i] as number)))
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
    if (preprocessing.interpolation === 'nearest') {
      // a position on the border between two pixels may be given either
      expect(mean).toBeLessThan(1)
      continue
    }
    // sums that end in a half of a step are rounded to either side: of 45 pixels made 40 a tenth
    expect(mean).toBeLessThan(0.15)
    expect(Math.max(...differences)).toBeLessThanOrEqual(2)
  }
  await scaling.dispose()
})

it('refuses a crop that reaches beyond the image', () => {
  expect(() => scalingGraph(record({ cropPct: 1.5 }))).toThrow('got a crop_pct of 1.5')
})
