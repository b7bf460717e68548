import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { checkGradient } from '../reference.js'

/** x², whose gradient is built as that of x·constant: half of it. */
const wrong = ([x]: g.SymbolicTensor[]) => g.multiply(x!, g.stopGradient(x!))

describe('checkGradient', () => {
  it('returns the largest relative error of a right gradient', () => {
    expect(
      checkGradient(
        ([x, w]) => g.matmul(x!, w!),
        [
          [2, 3],
          [3, 4],
        ],
      ),
    ).toBeLessThan(1e-9)
  })

  it('names the element where a gradient is wrong', () => {
    const values = [[0, 0, 0, 0, 0, 3]]
    expect(() => checkGradient(wrong, [[2, 3]], { values })).toThrow(
      expect.objectContaining({
        code: 'E_GRADIENT',
        message: expect.stringMatching(
          /input 0 \[2,3\], element \[1,2\]: gradients\(\) gives .*, finite differences .*relative error 5\.0e-1, tolerance 0\.000001/,
        ),
      }),
    )
  })

  it('finds a wrong gradient however small it is', () => {
    expect(() => checkGradient(([x]) => g.multiply(wrong([x!]), 1e-6), [[3]])).toThrow(
      /relative error 5\.0e-1/,
    )
  })

  it('finds a gradient that is not a number', () => {
    expect(() => checkGradient(([x]) => g.sqrt(x!), [[2]], { range: [-2, -1] })).toThrow(/NaN/)
  })

  it('accepts what the tolerance allows', () => {
    expect(checkGradient(wrong, [[4]], { tolerance: 0.6 })).toBeCloseTo(0.5, 6)
  })

  it('checks a sample where asked', () => {
    const last = g.vector(Array.from({ length: 100 }, (_, i) => (i === 99 ? 1 : 0)))
    const wrongAtLast = ([x]: g.SymbolicTensor[]) => g.add(g.exp(x!), g.multiply(wrong([x!]), last))
    expect(checkGradient(wrongAtLast, [[100]], { samples: 3 })).toBeLessThan(1e-6)
    expect(() => checkGradient(wrongAtLast, [[100]])).toThrow(/element \[99\]/)
  })
})
