import { conv2d, globalAveragePool, relu } from '@convkit/graph'
import { describe, expect, it } from 'vitest'
import { defineArchitecture } from './architecture.js'
import { effectiveReceptiveField, squareThatHolds } from './effective-receptive-field.js'
import { ones } from './initializers.js'
import { createVariant } from './model.js'
import { createRegistry } from './registry.js'
import { floatTensor } from './tensors.js'
import { referenceProvider } from './testing/reference-engine.js'

/** 3×3 convolutions of ones, one channel, with nothing between them. */
const boxes = defineArchitecture({
  name: 'boxes',
  variants: { boxes_3: { depth: 3, rectify: false }, boxes_relu: { depth: 2, rectify: true } },
  preprocessing: { inputSize: [11, 13], channels: 1, cropPct: 1, mean: [0.5], std: [0.5] },
  classifier: 'fc',
  build(net, image, { depth, rectify }: { depth: number; rectify: boolean }) {
    let x = image
    for (let i = 0; i < depth; i++) {
      x = conv2d(x, net.scope(i).parameter('weight', [1, 1, 3, 3], ones), { padding: 1 })
      if (rectify) x = relu(x)
      net.feature(`conv${i}`, x)
    }
    return globalAveragePool(x)
  },
})
const registry = createRegistry(
  { name: 'boxes', architectures: [boxes] },
  { name: 'reference', engines: [referenceProvider] },
)
const make = (name: string) => createVariant(registry.model(name), { registry, classes: 1 })
const grey = (value: number) => ({
  height: 11,
  width: 13,
  channels: 1 as const,
  data: new Uint8Array(143).fill(value),
})

/** Coefficients of (1 + x + x²)ⁿ: what n boxes of 3 make in a row. */
const trinomial = (n: number): number[] =>
  n === 0
    ? [1]
    : trinomial(n - 1).reduce<number[]>((row, value, i) => {
        for (const at of [i, i + 1, i + 2]) row[at] = (row[at] ?? 0) + value
        return row
      }, [])

/** The outer product of a row with itself around the centre of the map, made to sum to 1. */
const expectedField = (row: readonly number[]) => {
  const reach = (row.length - 1) / 2
  const at = (y: number, x: number) => (row[y - 5 + reach] ?? 0) * (row[x - 6 + reach] ?? 0)
  const values = Array.from({ length: 143 }, (_, i) => at(Math.floor(i / 13), i % 13))
  const total = values.reduce((a, b) => a + b, 0)
  return values.map((value) => value / total)
}

describe('effectiveReceptiveField', () => {
  it.each([
    ['conv0', 1],
    ['conv1', 2],
    [undefined, 3],
  ])(
    'of %s is the box folded with itself %i times, and 0 outside of the theoretical field',
    async (stage, n) => {
      const images = Array.from({ length: 3 }, (_, i) => grey(90 + i))
      const options = { images, batchSize: 2, ...(stage && { stage }) }
      const { map, theoretical } = await effectiveReceptiveField(await make('boxes_3'), options)
      expect(map.shape).toEqual([11, 13])
      expect(theoretical.size).toEqual([2 * n + 1, 2 * n + 1])
      for (const [i, expected] of expectedField(trinomial(n)).entries())
        expect(map.data[i]).toBeCloseTo(expected, 7)
      expect(map.data.filter((value) => value !== 0)).toHaveLength((2 * n + 1) ** 2)
    },
  )

  it('squares gradients when that is asked for', async () => {
    const options = { images: [grey(200)], measure: 'squared' } as const
    const { map } = await effectiveReceptiveField(await make('boxes_3'), options)
    const expected = expectedField(trinomial(3).map((value) => value ** 2))
    for (const [i, value] of expected.entries()) expect(map.data[i]).toBeCloseTo(value, 7)
  })

  it('averages over what each image lets through', async () => {
    const model = await make('boxes_relu')
    const bright = await effectiveReceptiveField(model, { images: [grey(255)] })
    const mixed = await effectiveReceptiveField(model, { images: [grey(255), grey(0)] })
    expect(mixed.map).toEqual(bright.map)
    await expect(effectiveReceptiveField(model, { images: [grey(0)] })).rejects.toThrow(
      /conv1 of boxes_relu sum to 0;/,
    )
  })

  it('says what is wrong', async () => {
    const model = await make('boxes_3')
    await expect(effectiveReceptiveField(model, { images: [] })).rejects.toThrow(/at least one, got none/)
    const wrong = effectiveReceptiveField(model, { images: [grey(1)], stage: 'conv5' })
    await expect(wrong).rejects.toThrow(/no stage 'conv5' \(nearest: conv\d\); it has conv0, conv1, conv2/)
  })
})

describe('squareThatHolds', () => {
  const field = floatTensor([3, 5], Float32Array.from([0, 0, 1, 0, 0, 0, 1, 4, 1, 0, 0, 0, 1, 0, 2]))

  it.each([
    [0.4, 1],
    [0.6, 2],
    [0.9, 3],
    [0.91, 4],
    [1, 4],
  ])('%f of the whole: %i pixels', (share, side) => {
    expect(squareThatHolds(field, share)).toBe(side)
  })
})
