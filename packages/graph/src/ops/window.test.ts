import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagePool2d, conv2d, input, maxPool2d, type Shape, toPair, vector } from '../index.js'
import { evaluate } from '../reference.js'
import { toPadding } from './window.js'

const small = fc.integer({ min: 1, max: 4 })
const size = fc.integer({ min: 1, max: 9 })

/** TensorFlow's padding of one axis, as its documentation writes it: by the remainder of size / stride. */
function tensorflowSame(length: number, kernel: number, stride: number, dilation: number) {
  const reach = (kernel - 1) * dilation + 1
  const total = Math.max(length % stride === 0 ? reach - stride : reach - (length % stride), 0)
  return [Math.floor(total / 2), total - Math.floor(total / 2)]
}

describe("padding 'same'", () => {
  it("is TensorFlow's on both axes, and gives ceil(size / stride)", () => {
    fc.assert(
      fc.property(size, size, small, small, small, small, small, (h, w, kh, kw, sh, sw, dilation) => {
        const padding = toPadding('same', [h, w], [kh, kw], [sh, sw], [dilation, dilation])
        expect(padding).toEqual([
          ...tensorflowSame(h, kh, sh, dilation),
          ...tensorflowSame(w, kw, sw, dilation),
        ])
        const x = input('x', [1, h, w, 1])
        const y = conv2d(x, input('w', [1, 1, kh, kw]), {
          padding: 'same',
          strides: [sh, sw],
          dilations: dilation,
        })
        expect(y.shape).toEqual([1, Math.ceil(h / sh), Math.ceil(w / sw), 1])
      }),
    )
  })
})

describe('padding options', () => {
  it.each([
    [2, [2, 2, 2, 2]],
    [[1, 2] as const, [1, 1, 2, 2]],
    [[1, 2, 3, 4] as const, [1, 2, 3, 4]],
    ['valid' as const, [0, 0, 0, 0]],
  ])('%j is %j', (option, expected) => {
    expect(toPadding(option, [8, 8], [3, 3], [1, 1], [1, 1])).toEqual(expected)
  })

  it('a number is a pair', () => {
    expect(toPair(3)).toEqual([3, 3])
    expect(toPair([3, 2])).toEqual([3, 2])
  })
})

describe('sliding windows', () => {
  it('are as many as fit: each reads its own place, and one more would leave the padded input', () => {
    fc.assert(
      fc.property(
        size,
        small,
        small,
        small,
        fc.nat(3),
        fc.nat(3),
        (length, kernel, stride, dilation, before, after) => {
          const reach = dilation * (kernel - 1) + 1
          const x = input('x', [1, length, 1, 1])
          const filter = vector(
            Array.from({ length: kernel }, (_, i) => (i === 0 ? 1 : 0)),
            [1, 1, kernel, 1],
          )
          const build = () =>
            conv2d(x, filter, {
              strides: [stride, 1],
              dilations: [dilation, 1],
              padding: [before, after, 0, 0],
            })
          const starts = Array.from({ length: before + length + after }, (_, i) => i)
            .filter((start) => start % stride === 0 && start + reach <= before + length + after)
            .map((start) => start - before)
          if (starts.length === 0) {
            expect(build).toThrow(/does not fit/)
            return
          }
          const positions = Array.from({ length }, (_, i) => i + 1)
          const [y] = evaluate([build()], { inputs: { x: positions } })
          expect([...y!]).toEqual(starts.map((start) => positions[start] ?? 0))
        },
      ),
    )
  })

  it('in ceil mode cover every element and start inside the input or its leading padding', () => {
    fc.assert(
      fc.property(size, small, small, fc.nat(3), fc.nat(3), (length, kernel, stride, before, after) => {
        fc.pre(before < kernel && after < kernel && length + before + after + stride > kernel)
        const x = input('x', [1, length, 1, 1])
        const options = {
          size: [kernel, 1],
          strides: [stride, 1],
          padding: [before, after, 0, 0],
          ceilMode: true,
        } as const
        const count = maxPool2d(x, options).shape[1] as number
        const last = (count - 1) * stride
        expect(last).toBeLessThan(before + length)
        // Another window would start beyond, or the last one already ends where the padded input does.
        expect(last + stride >= before + length || last + kernel >= before + length + after).toBe(true)
        const [mean] = evaluate([averagePool2d(x, { ...options, countPadding: false })], {
          inputs: { x: Array.from({ length }, () => 7) },
        })
        for (const value of mean!) expect(value).toBeCloseTo(7, 12)
      }),
    )
  })

  const x = input('x', [2, 5, 5, 3])
  it.each([
    [
      'a kernel beyond the input',
      () => conv2d(x, input('w', [4, 3, 7, 7])),
      /conv2d: the 7×7 window does not fit.*5×5.*\[2,5,5,3\] and \[4,3,7,7\]/,
    ],
    [
      'a stride of 0',
      () => conv2d(x, input('w', [4, 3, 3, 3]), { strides: 0 }),
      /positive integers.*strides 0,0/,
    ],
    ['half a pixel', () => maxPool2d(x, { size: 2, padding: 0.5 }), /padding 0.5/],
    ['negative padding', () => conv2d(x, input('w', [4, 3, 3, 3]), { padding: -1 }), /padding -1/],
    [
      'a row of padding alone',
      () => maxPool2d(x, { size: 2, padding: [2, 0, 0, 0] }),
      /2×2 window would see nothing/,
    ],
    [
      'a column of padding alone',
      () => maxPool2d(x, { size: 2, padding: [0, 0, 0, 2] }),
      /2×2 window would see nothing/,
    ],
    [
      'windows of padding alone',
      () => averagePool2d(x, { size: 2, padding: 2 }),
      /nothing but padding of \[2,2,2,2\]/,
    ],
    [
      'a pool beyond the input',
      () => maxPool2d(x, { size: 9, strides: 2, ceilMode: true }),
      /maxPool2d: the 9×9 window does not fit/,
    ],
  ])('refuse %s', (_, build, message) => {
    expect(build).toThrow(
      expect.objectContaining({ code: 'E_SHAPE', message: expect.stringMatching(message) }),
    )
  })

  it('in ceil mode take a window that hangs over a small input, as PyTorch does', () => {
    const shape: Shape = maxPool2d(input('x', [1, 2, 2, 1]), { size: 3, strides: 2, ceilMode: true }).shape
    expect(shape).toEqual([1, 1, 1, 1])
  })
})
