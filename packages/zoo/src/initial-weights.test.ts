import { random } from '@convkit/core'
import { sizeOf } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import timm from './fixtures/timm.json' with { type: 'json' }
import torchvision from './fixtures/torchvision.json' with { type: 'json' }
import { traceModel } from './testing/trace-model.js'

/** Mean, standard deviation, and the largest magnitude in standard deviations. */
function statistics(data: Float32Array): [mean: number, std: number, peak: number] {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  const std = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)
  const largest = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  return [mean, std, std > 0 ? largest / std : 0]
}

const initial: Record<string, Record<string, number[]>> = { ...timm.initial, ...torchvision.initial }

describe.each(Object.entries(initial))('%s starts as its peer’s', (name, expected) => {
  // With the auxiliary heads, which exist in training only.
  const { state } = traceModel(name, { classes: 100, mode: 'train', batchSize: 2 })

  test.each(Object.entries(expected))('%s', (key, [mean = 0, std = 0, peak = 0]) => {
    const { tensor, initializer } = state.get(key) as NonNullable<ReturnType<typeof state.get>>
    const values = initializer(tensor.shape, random(0, key))
    const [ourMean, ourStd, ourPeak] = statistics(values)
    if (std === 0) {
      // The fixture's numbers have four digits.
      expect(Math.abs(ourMean - mean)).toBeLessThanOrEqual(1e-4 * Math.abs(mean))
      expect(ourStd).toBeLessThanOrEqual(1e-6 * Math.abs(mean))
      return
    }
    // Both are samples of n values: five standard errors of the difference.
    const tolerance = 5 / Math.sqrt(sizeOf(tensor.shape))
    expect(Math.abs(ourStd / std - 1)).toBeLessThan(tolerance)
    expect(Math.abs(ourMean - mean) / std).toBeLessThan(tolerance * Math.SQRT2)
    // A uniform distribution ends at √3 standard deviations, a normal one goes on.
    expect(ourPeak > 2).toBe(peak > 2)
  })
})

test('running statistics start at mean 0 and variance 1', () => {
  for (const [key, { kind, tensor, initializer }] of traceModel('resnet18').state) {
    if (kind !== 'statistic') continue
    const value = key.endsWith('running_var') ? 1 : 0
    expect(initializer(tensor.shape, random(0)).every((x) => x === value)).toBe(true)
  }
})
