import { random } from '@convkit/core'
import { expect, it } from 'vitest'
import { histogram, rangeOf } from './histogram.js'

function rangeFor(data: Float32Array, outlier = 0) {
  const extreme = (of: (a: number, b: number) => number) => data.reduce((a, b) => of(a, b), 0)
  const counted = histogram({ low: extreme(Math.min), high: Math.max(extreme(Math.max), outlier) })
  counted.add(data)
  if (outlier > 0) counted.add(Float32Array.of(outlier))
  return rangeOf(counted)
}

it('values all over a range keep it', () => {
  const { low, high } = rangeFor(Float32Array.from({ length: 4096 }, (_, i) => i / 4096))
  expect(low).toBeCloseTo(0, 12)
  expect(high).toBeGreaterThan(0.98)
})

it('a single value far away is cut, for finer steps of all others', () => {
  const draw = random(0, 'values')
  const data = Float32Array.from({ length: 100_000 }, (_, i) => draw.normal(i))
  const [usual, withOutlier] = [rangeFor(data), rangeFor(data, 12)]
  expect(usual.high).toBeGreaterThan(3)
  expect(withOutlier.high).toBeLessThan(11)
})

it('a value that is always 0 has an empty range', () => {
  expect(rangeFor(new Float32Array(8))).toEqual({ low: 0, high: 0 })
})
