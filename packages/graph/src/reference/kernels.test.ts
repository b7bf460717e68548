import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { evaluate } from '../reference.js'
import { kernels } from './kernels.js'

const { vector } = g
const ints = (...values: number[]) =>
  g.constant({ dtype: 'int32', shape: [values.length], data: Int32Array.from(values) })
const flags = (...values: number[]) =>
  g.constant({ dtype: 'bool', shape: [values.length], data: Uint8Array.from(values) })
/** 1 … size */
const counted = (...shape: number[]) =>
  vector(
    Array.from({ length: g.sizeOf(shape) }, (_, i) => i + 1),
    shape,
  )

const image = counted(1, 3, 3, 1) // 1 2 3 / 4 5 6 / 7 8 9
const ones = (...shape: number[]) =>
  vector(
    Array.from({ length: g.sizeOf(shape) }, () => 1),
    shape,
  )
const averaged = (options: g.AveragePool2dOptions) => g.averagePool2d(image, options)
const gradientOf = (y: g.SymbolicTensor, x: g.SymbolicTensor) =>
  g.gradients(g.sum(y), [x])[0] as g.SymbolicTensor
const convolve = (x: g.SymbolicTensor, filter: g.SymbolicTensor, options?: g.Conv2dOptions) =>
  g.conv2d(x, filter, options)
const normalized = g.batchNormTrain(vector([1, 1, 3, 5], [2, 2]), vector([1, 2]), vector([10, 20]), 0)
/** Gradients of the normalisation of 1 and 3, whose mean is 2 and variance 1, with scale 5. */
const normalizedGradient = (...dy: number[]) =>
  g.batchNormTrainGradient(
    vector(dy, [2, 1]),
    vector([1, 3], [2, 1]),
    vector([5]),
    vector([2]),
    vector([1]),
    0,
  )

type Expectation = readonly [tensor: g.SymbolicTensor, values: readonly number[]]

/** Values small enough to check by hand; `torch.test.ts` has the rest. */
const expectations: { readonly [K in g.OpName]: readonly Expectation[] } = {
  input: [[g.input('x', [2]), [10, 20]]],
  state: [[g.state('w', [1]), [30]]],
  constant: [
    [g.constant(0.5), [0.5]],
    [ints(-3, 7), [-3, 7]],
  ],

  relu: [[g.relu(vector([-1, 0, 2])), [0, 0, 2]]],
  relu6: [[g.relu6(vector([-1, 3, 7])), [0, 3, 6]]],
  sigmoid: [[g.sigmoid(vector([0, -1000, 1000])), [0.5, 0, 1]]],
  tanh: [[g.tanh(vector([0, 1000])), [0, 1]]],
  silu: [[g.silu(vector([0, 1])), [0, 1 / (1 + Math.exp(-1))]]],
  hardSwish: [[g.hardSwish(vector([-4, -1, 1, 4])), [0, -1 / 3, 2 / 3, 4]]],
  hardSigmoid: [[g.hardSigmoid(vector([-4, -1, 0, 4])), [0, 1 / 3, 0.5, 1]]],
  gelu: [[g.gelu(vector([0, 1, -1])), [0, 0.8413447460685429, -0.15865525393145705]]],
  exp: [[g.exp(vector([0, 1])), [1, Math.E]]],
  log: [[g.log(vector([1, 8])), [0, 3 * Math.LN2]]],
  sqrt: [[g.sqrt(vector([0, 9])), [0, 3]]],
  abs: [
    [g.abs(vector([-2, 3])), [2, 3]],
    [g.abs(ints(-2)), [2]],
  ],
  sign: [[g.sign(vector([-2, 0, 3])), [-1, 0, 1]]],
  erf: [[g.erf(vector([0, 1, -1])), [0, 0.8427007929497149, -0.8427007929497149]]],
  negate: [[g.negate(vector([-2, 3])), [2, -3]]],
  power: [
    [g.power(vector([-2, 3]), 2), [4, 9]],
    [g.power(vector([4]), -0.5), [0.5]],
  ],
  cast: [
    [g.cast(vector([1.9, -1.9]), 'int32'), [1, -1]],
    [g.cast(vector([0, 0.5]), 'bool'), [0, 1]],
    [g.cast(ints(3), 'float32'), [3]],
    [g.cast(vector([254.7]), 'uint8'), [254]],
  ],
  stopGradient: [[g.stopGradient(vector([1, 2])), [1, 2]]],
  reluGradient: [[g.reluGradient(vector([5, 6, 7]), vector([-1, 0, 1])), [0, 0, 7]]],
  relu6Gradient: [[g.relu6Gradient(vector([5, 6, 7, 8]), vector([-1, 0, 1, 6])), [0, 0, 7, 0]]],

  add: [[g.add(vector([1, 2], [2, 1]), vector([10, 20, 30])), [11, 21, 31, 12, 22, 32]]],
  subtract: [[g.subtract(vector([5, 7]), 2), [3, 5]]],
  multiply: [[g.multiply(ints(2, 3), ints(4)), [8, 12]]],
  divide: [[g.divide(1, vector([2, 4])), [0.5, 0.25]]],
  maximum: [[g.maximum(vector([1, 5]), 3), [3, 5]]],
  minimum: [
    [g.minimum(vector([1, 5]), 3), [1, 3]],
    [g.clip(vector([-1, 5]), 0, 3), [0, 3]],
  ],
  greater: [[g.greater(vector([1, 2, 3]), 2), [0, 0, 1]]],
  equal: [[g.equal(vector([1, 2, 3]), 2), [0, 1, 0]]],
  select: [[g.select(flags(1, 0), vector([1, 2]), vector([8, 9], [2, 1])), [1, 8, 1, 9]]],

  sum: [
    [g.sum(counted(2, 3)), [21]],
    [g.sum(counted(2, 3), { axes: [0] }), [5, 7, 9]],
    [g.sum(counted(2, 3), { axes: [-1, -1], keepDims: true }), [6, 15]],
  ],
  mean: [
    [g.mean(counted(2, 3), { axes: [1] }), [2, 5]],
    [g.globalAveragePool(image), [5]],
  ],

  matmul: [
    [g.matmul(counted(2, 3), counted(3, 1)), [14, 32]],
    [g.matmul(counted(3, 2), counted(1, 3), { transposeA: true, transposeB: true }), [22, 28]],
    [g.dense(counted(1, 2, 2), counted(1, 2), vector([10])), [15, 21]],
  ],
  conv2d: [
    // cross-correlation: the filter is not flipped
    [convolve(image, counted(1, 1, 2, 2)), [37, 47, 67, 77]],
    [convolve(image, ones(1, 1, 2, 2), { padding: [1, 0, 0, 0], strides: 2 }), [3, 24]],
    [convolve(image, ones(1, 1, 2, 2), { dilations: 2 }), [20]],
    [convolve(vector([1, 2, 3, 4], [1, 1, 1, 4]), counted(2, 2, 1, 1), { groups: 2 }), [5, 25]],
    [convolve(vector([1, 2], [1, 1, 1, 2]), counted(4, 1, 1, 1), { groups: 2 }), [1, 2, 6, 8]],
  ],
  conv2dInputGradient: [
    [gradientOf(convolve(image, counted(1, 1, 2, 2)), image), [1, 3, 2, 4, 10, 6, 3, 7, 4]],
  ],
  conv2dFilterGradient: [
    [
      g.conv2dFilterGradient(image, ones(1, 2, 2, 1), [1, 1, 2, 2], {
        strides: [1, 1],
        padding: [0, 0, 0, 0],
        dilations: [1, 1],
        groups: 1,
      }),
      [12, 16, 24, 28],
    ],
  ],

  maxPool2d: [
    [g.maxPool2d(image, { size: 2, strides: 1 }), [5, 6, 8, 9]],
    [g.maxPool2d(g.negate(image), { size: 2, padding: 1 }), [-1, -2, -4, -5]],
    [g.maxPool2d(image, { size: 2, ceilMode: true }), [5, 6, 8, 9]],
  ],
  maxPool2dGradient: [
    [gradientOf(g.maxPool2d(image, { size: 2, strides: 1 }), image), [0, 0, 0, 0, 1, 1, 0, 1, 1]],
    // of equal values the first, row by row
    ...[ones(1, 2, 2, 1)].map(
      (flat): Expectation => [gradientOf(g.maxPool2d(flat, { size: 2 }), flat), [1, 0, 0, 0]],
    ),
  ],
  averagePool2d: [
    [averaged({ size: 2, strides: 1 }), [3, 4, 6, 7]],
    [averaged({ size: 2, padding: 1 }), [0.25, 1.25, 2.75, 7]],
    [averaged({ size: 2, padding: 1, countPadding: false }), [1, 2.5, 5.5, 7]],
    [averaged({ size: 2, ceilMode: true }), [3, 4.5, 7.5, 9]],
    // the padded row and column count, what hangs over them does not
    [averaged({ size: 3, padding: 1, ceilMode: true, strides: 3 }), [12 / 9, 9 / 6, 15 / 6, 9 / 4]],
  ],
  averagePool2dGradient: [
    [
      gradientOf(averaged({ size: 2, ceilMode: true, countPadding: false }), image),
      [0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1],
    ],
  ],

  batchNormTrain: [
    [normalized.y, [9, 18, 11, 22]],
    [normalized.mean, [2, 3]],
    [normalized.variance, [1, 4]],
  ],
  batchNormTrainGradient: [
    // the mean takes out what all elements have in common
    [normalizedGradient(1, 1)[0], [0, 0]],
    [normalizedGradient(1, 3)[1], [2]],
    [normalizedGradient(1, 3)[2], [4]],
  ],
  batchNormInfer: [
    [
      g.batchNormInfer(
        vector([1, 5], [1, 2]),
        vector([2, 3]),
        vector([1, 1]),
        vector([0, 3]),
        vector([3, 0]),
        1,
      ),
      [2, 7],
    ],
  ],
  layerNorm: [[g.layerNorm(vector([1, 3, 0, 4], [2, 2]), vector([1, 2]), vector([0, 1]), 0), [-1, 3, -1, 3]]],
  localResponseNorm: [
    [g.localResponseNorm(vector([1, 2, 3], [1, 3]), { size: 3, alpha: 3, beta: 1 }), [1 / 6, 2 / 15, 3 / 14]],
  ],
  softmax: [[g.softmax(vector([1000, 1000, -1000])), [0.5, 0.5, 0]]],
  logSoftmax: [[g.logSoftmax(vector([1000, 1000, -1000])), [-Math.LN2, -Math.LN2, -2000 - Math.LN2]]],

  reshape: [[g.reshape(counted(2, 3), [3, -1]), [1, 2, 3, 4, 5, 6]]],
  transpose: [
    [g.transpose(counted(2, 3), [1, 0]), [1, 4, 2, 5, 3, 6]],
    // channel by channel, as PyTorch flattens
    [g.flatten(counted(1, 2, 1, 2)), [1, 3, 2, 4]],
  ],
  broadcastTo: [[g.broadcastTo(vector([1, 2], [2, 1]), [2, 2, 2]), [1, 1, 2, 2, 1, 1, 2, 2]]],
  concat: [
    [g.concat([counted(2, 1), counted(2, 2)]), [1, 1, 2, 2, 3, 4]],
    [g.concat([counted(1, 2), counted(2, 2)], 0), [1, 2, 1, 2, 3, 4]],
  ],
  slice: [[g.slice(counted(3, 4), [0, 1], [2, 2], [2, 2]), [2, 4, 10, 12]]],
  sliceGradient: [[g.sliceGradient(vector([7, 8]), [5], [1], [2]), [0, 7, 0, 8, 0]]],
  pad: [[g.pad(vector([1, 2], [1, 2]), [1, 0], [0, 1], 9), [9, 9, 9, 1, 2, 9]]],
  resizeBilinear: [
    [g.resizeBilinear(vector([0, 4], [1, 1, 2, 1]), [1, 4]), [0, 1, 3, 4]],
    [g.resizeBilinear(vector([0, 4], [1, 1, 2, 1]), [1, 5], 'align-corners'), [0, 1, 2, 3, 4]],
  ],
  resizeBilinearGradient: [[g.resizeBilinearGradient(ones(1, 1, 4, 1), [1, 2], 'half-pixel'), [2, 2]]],
  oneHot: [[g.oneHot(ints(1, 0, 3, -1), 3), [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]]],
}

describe('reference kernels', () => {
  it('exist for every op', () => {
    expect(Object.keys(kernels).toSorted()).toEqual(Object.keys(expectations).toSorted())
  })

  it.each(Object.entries(expectations))('%s', (op, cases) => {
    expect(cases.length).toBeGreaterThan(0)
    for (const [tensor, expected] of cases) {
      expect(g.topologicalOrder([tensor]).map((node) => node.op)).toContain(op)
      const [values] = evaluate([tensor], { inputs: { x: [10, 20] }, state: { w: [30] } })
      expect(values).toHaveLength(expected.length)
      for (const [i, value] of expected.entries()) expect(values![i]).toBeCloseTo(value, 12)
    }
  })
})
