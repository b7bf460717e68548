import { describe, expect, it } from 'vitest'
import { type Average, averageProbabilities } from './average.js'

const first = Float32Array.of(0.5, 0.25, 0.25, 0, 1, 0)
const second = Float32Array.of(0.125, 0.75, 0.125, 1, 0, 0)
const row = (average: Average, shares = [0.5, 0.5]) =>
  [...averageProbabilities([first, second], shares, 3, average)].map((value) => Number(value.toFixed(6)))

describe('averageProbabilities', () => {
  it('is the mean, weighted by shares', () => {
    expect(row('mean')).toEqual([0.3125, 0.5, 0.1875, 0.5, 0.5, 0])
    expect(row('mean', [1, 0])).toEqual([...first])
  })

  it('is the geometric mean, so that sure members agree', () => {
    const roots = [Math.sqrt(0.5 * 0.125), Math.sqrt(0.25 * 0.75), Math.sqrt(0.25 * 0.125)]
    const total = roots.reduce((a, b) => a + b)
    expect(row('geometric').slice(0, 3)).toEqual(roots.map((root) => Number((root / total).toFixed(6))))
    expect(row('geometric', [1, 0]).slice(0, 3)).toEqual([0.5, 0.25, 0.25])
    // A class that one member excludes is nearly excluded, and rows stay probabilities where all are.
    expect(row('geometric').slice(3)).toEqual([0.5, 0.5, 0])
  })

  it('is the largest of each class', () => {
    expect(row('max')).toEqual([0.333333, 0.5, 0.166667, 0.5, 0.5, 0])
    expect(row('max', [1, 0])).toEqual([...first])
  })
})
