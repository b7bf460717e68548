import { expect, it } from 'vitest'
import { erf } from './erf.js'

// 17 digits, from mpmath
it.each([
  [1e-10, 1.1283791670955126e-10],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [4.5, 0.9999999998033839],
  [5.9, 1],
  [40, 1],
])('erf(%d)', (x, expected) => {
  expect(Math.abs(erf(x) / expected - 1)).toBeLessThan(1e-15)
  expect(erf(-x)).toBe(-erf(x))
})

it('has no value at NaN, and 0 at 0', () => {
  expect(erf(Number.NaN)).toBeNaN()
  expect(erf(0)).toBe(0)
})
