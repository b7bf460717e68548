import { describe, expect, test } from 'vitest'
import { dropout, dropPath } from './dropout.js'
import { evaluateLayer, traceLayer } from './testing/trace-layer.js'

const shape = [2, 1, 1] as const

describe.each([
  ['dropout', dropout, [2, 1, 1, 3]],
  ['dropPath', dropPath, [2, 1, 1, 1]],
] as const)('%s', (_, layer, maskShape) => {
  const traced = (rate: number | undefined, mode: 'train' | 'infer') =>
    traceLayer((net, x) => layer(net.scope('drop'), x, { rate }), { mode, shape })

  test('has a mask in training, and only with a rate', () => {
    expect(traced(0.5, 'train').masks.get('drop.mask')?.shape).toEqual(maskShape)
    expect(traced(0.5, 'infer').masks.size).toBe(0)
    expect(traced(0, 'train').masks.size).toBe(0)
    expect(traced(undefined, 'train').masks.size).toBe(0)
  })

  test('multiplies by its mask', () => {
    const train = traced(0.5, 'train')
    const mask = Array.from({ length: maskShape[3] * 2 }, (_, i) => (i < maskShape[3] ? 0 : 2))
    const [y] = evaluateLayer(train, [train.logits], {}, { 'drop.mask': mask })
    expect(y?.map(Math.round)).toEqual([0, 0, 0, 222, 296, 370])
  })

  test.each([1, -0.1, Number.NaN])('refuses a rate of %d', (rate) => {
    expect(() => traced(rate, 'train')).toThrow(/drop\.mask.*\[0, 1\)/)
  })
})
