import { type FloatTensor, floatTensor } from '@convkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderKernel, reverseInputs } from './kernel.js'

const ramp = (...shape: number[]) =>
  floatTensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
  )
const at = ({ shape, data }: FloatTensor, ...index: number[]) =>
  data[index.reduce((sum, value, axis) => sum * (shape[axis] ?? 0) + value, 0)]

describe('orderKernel', () => {
  it('puts convolutions in the order of PyTorch', () => {
    const size = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(size, size, size, fc.integer({ min: 2, max: 4 }), (h, w, i, o) => {
        const kernel = ramp(h, w, i, o)
        const ordered = orderKernel(kernel, [o, i, h, w])
        expect(ordered.shape).toEqual([o, i, h, w])
        const [y, x, c, f] = [h - 1, w >> 1, i >> 1, o - 2]
        expect(at(ordered, f, c, y, x)).toBe(at(kernel, y, x, c, f))
        expect(at(ordered, o - 1, 0, 0, w - 1)).toBe(at(kernel, 0, w - 1, 0, o - 1))
      }),
    )
  })

  it('puts depthwise and dense ones in order too', () => {
    const depthwise = orderKernel(ramp(3, 3, 5, 1), [5, 1, 3, 3])
    expect([depthwise.shape, at(depthwise, 4, 0, 2, 1)]).toEqual([
      [5, 1, 3, 3],
      at(ramp(3, 3, 5, 1), 2, 1, 4, 0),
    ])
    const dense = orderKernel(ramp(5, 2), [2, 5])
    expect([dense.shape, at(dense, 1, 3)]).toEqual([[2, 5], at(ramp(5, 2), 3, 1)])
  })

  it('makes convolutions of dense layers, and dense layers of convolutions', () => {
    const flattened = orderKernel(ramp(2 * 2 * 3, 4), [4, 3, 2, 2])
    expect([flattened.shape, at(flattened, 1, 2, 1, 0)]).toEqual([
      [4, 3, 2, 2],
      at(ramp(2, 2, 3, 4), 1, 0, 2, 1),
    ])
    expect(orderKernel(ramp(1, 1, 5, 2), [2, 5])).toEqual(orderKernel(ramp(5, 2), [2, 5]))
  })

  it('neither loses nor makes values, whatever the shapes', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(shape, shape, (given, target) => {
        const kernel = ramp(...given)
        expect([...orderKernel(kernel, target).data].toSorted((a, b) => a - b)).toEqual([...kernel.data])
      }),
    )
  })

  it('leaves what has no such form to whoever checks shapes', () => {
    expect(orderKernel(ramp(5, 2), [2, 3, 7, 7]).shape).toEqual([5, 2])
    expect(orderKernel(ramp(4), [4, 4]).shape).toEqual([4])
  })
})

it('reverses input channels', () => {
  expect([...reverseInputs(ramp(2, 3, 1, 2)).data]).toEqual([4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7])
})
