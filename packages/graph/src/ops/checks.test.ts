import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { evaluate } from '../reference.js'

const x = g.input('x', [8, 6, 6, 64])
const filter = (shape: g.Shape) => g.state('layer1.0.conv1.weight', shape)
const flags = g.input('flags', [2], 'bool')
const whole = g.input('whole', [2], 'int32')

describe('shape errors', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'channels',
      () => g.conv2d(x, filter([128, 32, 3, 3])),
      /^conv2d at layer1\.0\.conv1: the filter takes 32 channels.*has 64 \(shapes \[8,6,6,64\] and \[128,32,3,3\]\)$/,
    ],
    [
      'groups',
      () => g.conv2d(x, filter([128, 32, 3, 3]), { groups: 3 }),
      /3 groups do not divide 64 input and 128 output channels/,
    ],
    ['fractional groups', () => g.conv2d(x, filter([128, 32, 3, 3]), { groups: 1.5 }), /1.5 groups/],
    [
      'rank',
      () => g.conv2d(g.input('x', [8, 64]), filter([128, 64, 3, 3])),
      /conv2d at layer1\.0\.conv1: input 0 must have rank 4, but has rank 2/,
    ],
    [
      'where an operand is from',
      () =>
        g.add(g.relu(g.conv2d(x, filter([8, 64, 1, 1]))), g.conv2d(x, g.state('down.weight', [4, 64, 1, 1]))),
      /^add at layer1\.0\.conv1: the operands do not broadcast: axis 3 is 8 and 4 \(shapes \[8,6,6,8\] and \[8,6,6,4\] from down\)$/,
    ],
    [
      'inner sizes',
      () => g.matmul(g.input('a', [2, 3]), g.input('b', [4, 5])),
      /matmul: the inner sizes differ: 3 and 4/,
    ],
    [
      'features of a dense layer',
      () => g.dense(g.input('a', [2, 3]), g.state('fc.weight', [10, 4])),
      /at fc: the weight takes 4 features, but the input has 3/,
    ],
    [
      'the bias of a dense layer',
      () => g.dense(g.input('a', [2, 4]), g.state('fc.weight', [10, 4]), g.state('fc.bias', [4])),
      /at fc: the bias.*must be \[10\]/,
    ],
    [
      'channel vectors',
      () => g.batchNormTrain(x, g.state('bn.weight', [32]), g.state('bn.bias', [64])),
      /batchNormTrain at bn:.*must be \[64\].*\[8,6,6,64\] and \[32\]/,
    ],
    ['an even window over channels', () => g.localResponseNorm(x, { size: 4 }), /size must be odd, but is 4/],
    [
      'reshape',
      () => g.reshape(x, [7, -1]),
      /reshape: cannot take the shape \[7,-1\] \(shape \[8,6,6,64\]\)/,
    ],
    ['reshape by two unknown sizes', () => g.reshape(x, [-1, -1]), /cannot take the shape \[-1,-1\]/],
    ['transpose', () => g.transpose(x, [0, 1, 2, 2]), /\[0,1,2,2\] is not an order of its axes/],
    ['broadcastTo', () => g.broadcastTo(g.input('x', [3]), [2, 4]), /cannot be repeated to \[2,4\]/],
    [
      'concat',
      () => g.concat([x, g.input('y', [8, 6, 5, 64])]),
      /concat: all axes but 3, and the dtypes, must agree/,
    ],
    ['no parts', () => g.concat([]), /needs at least one tensor/],
    [
      'slice',
      () => g.slice(g.input('x', [3]), [1], [3]),
      /from \[1\], sizes \[3\], strides \[1\] leaves the tensor/,
    ],
    ['resizing', () => g.resizeBilinear(x, [3, 0.5]), /resizeBilinear: the new size.*is \[3,0.5\]/],
    ['pad', () => g.pad(g.input('x', [3]), [-1], [0]), /non-negative sizes.*got \[-1\] and \[0\]/],
    ['axes', () => g.sum(x, { axes: [4] }), /sum: axis 4 is outside of rank 4/],
    [
      'masks',
      () => g.reluGradient(g.input('dy', [2]), g.input('y', [3])),
      /reluGradient: gradient and output differ.*\[2\] and \[3\]/,
    ],
    [
      'constants',
      () => g.constant({ dtype: 'float32', shape: [2], data: new Float32Array(3) }),
      /3 values do not fill shape \[2\]/,
    ],
    [
      'dtypes that differ',
      () => g.add(whole, g.input('x', [2])),
      /dtypes differ: int32 and float32; use cast/,
    ],
    ['a condition that is none', () => g.select(whole, 1, 2), /condition must be bool, but is int32/],
    [
      'labels that are not whole',
      () => g.oneHot(g.input('x', [2]), 3),
      /labels must be int32, but are float32/,
    ],
    ['whole numbers in float ops', () => g.exp(whole), /exp: takes float32, but got int32; use cast/],
    ['whole division', () => g.divide(whole, whole), /divide: takes float32/],
    ['a mean of flags', () => g.mean(flags), /mean: takes float32, but got bool; use cast/],
    [
      'a convolution of bytes',
      () => g.conv2d(g.input('x', [1, 4, 4, 3], 'uint8'), filter([8, 3, 3, 3])),
      /conv2d at layer1\.0\.conv1: takes float32, but got uint8/,
    ],
  ])('name the op, the place and the shapes: %s', (_, build, message) => {
    expect(build).toThrow(
      expect.objectContaining({ code: 'E_SHAPE', message: expect.stringMatching(message) }),
    )
  })
})

describe('broadcasting', () => {
  const axis = fc.constantFrom(1, 2, 3)
  const shape = fc.array(axis, { maxLength: 4 })

  /** NumPy's rule, axis by axis from the last one. */
  function expected(a: g.Shape, b: g.Shape): number[] | undefined {
    const shape: number[] = []
    for (let i = 1; i <= Math.max(a.length, b.length); i++) {
      const [sizeA = 1, sizeB = 1] = [a.at(-i), b.at(-i)]
      if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) return undefined
      shape.unshift(Math.max(sizeA, sizeB))
    }
    return shape
  }

  it("follows NumPy's rule", () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const build = () => g.add(g.input('a', a), g.input('b', b))
        const result = expected(a, b)
        if (result) expect(build().shape).toEqual(result)
        else expect(build).toThrow(/do not broadcast/)
      }),
    )
  })

  it('of two operands is the op on operands that were repeated first', () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const result = expected(a, b)
        fc.pre(result !== undefined)
        const [left, right] = [g.input('a', a), g.input('b', b)]
        const repeated = g.subtract(g.broadcastTo(left, result ?? []), g.broadcastTo(right, result ?? []))
        const [direct, explicit] = evaluate([g.subtract(left, right), repeated], {
          inputs: { a: count(a, 1), b: count(b, 100) },
        })
        expect(direct).toEqual(explicit)
      }),
    )
  })
})

function count(shape: g.Shape, from: number): number[] {
  return Array.from({ length: g.sizeOf(shape) }, (_, i) => from + i)
}
