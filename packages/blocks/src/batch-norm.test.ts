import type { SymbolicTensor } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import { batchNorm } from './batch-norm.js'
import { evaluateLayer, traceLayer } from './testing/trace-layer.js'

const shape = [2, 2, 2] as const
const layer = (options: Parameters<typeof traceLayer>[1] & { momentum?: number }) =>
  traceLayer((net, x) => batchNorm(net.scope('bn'), x, { momentum: options.momentum }), { shape, ...options })

/** Values of one channel of the input: pixels 0, 37, 74, … modulo 256. */
const channel = (c: number) => Array.from({ length: 8 }, (_, i) => ((3 * i + c) * 37) % 256)
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
const unbiasedVariance = (values: number[]) =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1)

describe('batchNorm in training', () => {
  test('normalises by the batch', () => {
    const traced = layer({ mode: 'train' })
    const [y = []] = evaluateLayer(traced, [traced.logits])
    const first = y.filter((_, i) => i % 3 === 0)
    expect(mean(first)).toBeCloseTo(0, 6)
    expect(unbiasedVariance(first) * (7 / 8)).toBeCloseTo(1, 4)
  })

  test.each([0.1, 0.01])('moves the running statistics by %f, the variance unbiased', (momentum) => {
    const traced = layer({ mode: 'train', momentum })
    const updates = ['bn.running_mean', 'bn.running_var'].map(
      (name) => traced.updates.get(name) as SymbolicTensor,
    )
    const [means = [], variances = []] = evaluateLayer(traced, updates)
    for (const c of [0, 1, 2]) {
      expect(means[c]).toBeCloseTo(momentum * mean(channel(c)), 4)
      expect(variances[c]).toBeCloseTo(1 - momentum + momentum * unbiasedVariance(channel(c)), 2)
    }
  })

  test('refuses a single value a channel', () => {
    expect(() => layer({ mode: 'train', shape: [1, 1, 1] })).toThrow(/bn.*\[1,1,1,3\].*larger batch/)
    expect(layer({ mode: 'infer', shape: [1, 1, 1] }).logits.shape).toEqual([1, 1, 1, 3])
  })
})

describe.each([
  ['predicts', { mode: 'infer' }],
  ['is frozen in training', { mode: 'train', frozen: true }],
] as const)('batchNorm when it %s', (_, options) => {
  test('normalises by the running statistics and leaves them alone', () => {
    const traced = layer(options)
    const running = { 'bn.running_mean': [10, 20, 30], 'bn.running_var': [4, 9, 16] }
    const [y = []] = evaluateLayer(traced, [traced.logits], running)
    expect(y[0]).toBeCloseTo((0 - 10) / 2, 4)
    expect(y[1]).toBeCloseTo((37 - 20) / 3, 4)
    expect(y[2]).toBeCloseTo((74 - 30) / 4, 4)
    expect(traced.updates.size).toBe(0)
  })
})
