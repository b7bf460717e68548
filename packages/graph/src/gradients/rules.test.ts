import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { checkGradient, type GradientCheckOptions } from '../reference.js'
import { gradientRules } from './rules.js'

type Build = (inputs: g.SymbolicTensor[]) => g.SymbolicTensor
type Tensors<N extends number> = g.SymbolicTensor[] & { readonly [I in N]: g.SymbolicTensor }
type Check = readonly [build: Build, shapes: readonly g.Shape[], options?: GradientCheckOptions]

/** Lets a check destructure as many inputs as it has shapes. */
type Five = Tensors<0 | 1 | 2 | 3 | 4>
const on = (build: (inputs: Five) => g.SymbolicTensor): Build => build as Build

const positive: GradientCheckOptions = { range: [0.5, 3] }
const unary = (build: (x: g.SymbolicTensor) => g.SymbolicTensor, options?: GradientCheckOptions): Check[] => [
  [on(([x]) => build(x)), [[3, 7]], options],
]
const binary = (
  build: (a: g.SymbolicTensor, b: g.SymbolicTensor) => g.SymbolicTensor,
  options?: GradientCheckOptions,
) =>
  (
    [
      [
        [2, 3],
        [2, 3],
      ],
      [[2, 3], [3]],
      [
        [2, 1, 4],
        [3, 1],
      ],
      [[], [2, 2]],
      [[1, 1], [1]],
    ] as g.Shape[][]
  ).map((shapes): Check => [on(([a, b]) => build(a, b)), shapes, options])

const conv = (
  x: g.Shape,
  filter: g.Shape,
  options: g.Conv2dOptions = {},
): { x: g.Shape; filter: g.Shape; y: g.Shape; attributes: g.Conv2dAttributes } => {
  const { node, shape: y } = g.conv2d(g.input('x', x), g.input('filter', filter), options)
  return { x, filter, y, attributes: node.attributes as g.Conv2dAttributes }
}
const convolutions = [
  conv([2, 4, 5, 3], [2, 3, 3, 3]),
  conv([1, 5, 4, 2], [3, 2, 1, 1]),
  conv([1, 5, 6, 2], [2, 2, 3, 2], { strides: [2, 3], padding: [1, 0, 2, 1] }),
  conv([1, 6, 7, 2], [2, 2, 3, 3], { padding: 'same', strides: 2 }),
  conv([1, 7, 6, 2], [2, 2, 2, 3], { padding: [2, 1], dilations: [3, 2] }),
  conv([1, 4, 5, 4], [6, 2, 3, 3], { groups: 2, padding: 1 }),
  conv([1, 6, 5, 3], [3, 1, 3, 3], { groups: 3, padding: 1, strides: 2 }),
  conv([1, 5, 5, 2], [4, 1, 3, 3], { groups: 2, padding: 'same', dilations: 2 }),
  // a stride leaves the last row and column unread
  conv([1, 6, 6, 1], [1, 1, 3, 3], { strides: 2 }),
]

const pools: [g.Shape, g.AveragePool2dOptions][] = [
  [[2, 4, 6, 2], { size: 2 }],
  [[1, 5, 5, 2], { size: 3, strides: 2, padding: 1 }],
  [[1, 6, 7, 1], { size: [3, 2], strides: [2, 1], padding: [1, 0, 0, 1] }],
  [[1, 6, 6, 1], { size: 3, strides: 2, ceilMode: true }],
  [[1, 7, 6, 1], { size: 3, strides: 2, ceilMode: true, padding: 1 }],
  [[1, 7, 8, 1], { size: 3, strides: 3, padding: 'same' }],
]
const averagePools = pools.flatMap(([shape, options]): [g.Shape, g.AveragePool2dOptions][] => [
  [shape, { ...options, countPadding: true }],
  [shape, { ...options, countPadding: false }],
])

const images: [from: g.Shape, to: g.Pair, g.ResizeCoordinates][] = [
  [[2, 3, 4, 2], [5, 7], 'half-pixel'],
  [[1, 6, 5, 1], [2, 3], 'half-pixel'],
  [[1, 3, 4, 2], [6, 5], 'align-corners'],
  [[1, 4, 4, 1], [1, 2], 'align-corners'],
]

const reductions = (reduce: typeof g.sum): Check[] =>
  [{}, { axes: [1] }, { axes: [0, -1] }, { axes: [0, 2], keepDims: true }, { keepDims: true }].map(
    (options) => [on(([x]) => reduce(x, options)), [[2, 3, 4]]],
  )

const averageAttributes = (shape: g.Shape, options: g.AveragePool2dOptions) => {
  const { node, shape: y } = g.averagePool2d(g.input('x', shape), options)
  return { y, attributes: node.attributes as g.AveragePool2dAttributes }
}

/** What is checked of each op that has a rule. */
const checks: { readonly [K in g.OpName]?: readonly Check[] } = {
  relu: unary(g.relu),
  relu6: unary(g.relu6, { range: [-3, 9] }),
  sigmoid: unary(g.sigmoid),
  tanh: unary(g.tanh),
  silu: unary(g.silu, { range: [-4, 4] }),
  hardSwish: unary(g.hardSwish, { range: [-5, 5] }),
  hardSigmoid: unary(g.hardSigmoid, { range: [-5, 5] }),
  gelu: unary(g.gelu, { range: [-4, 4] }),
  exp: unary(g.exp),
  log: unary(g.log, positive),
  sqrt: unary(g.sqrt, positive),
  abs: unary(g.abs),
  erf: unary(g.erf),
  negate: unary(g.negate),
  power: [
    ...unary((x) => g.power(x, 3)),
    ...unary((x) => g.power(x, 1)),
    ...unary((x) => g.power(x, 0)),
    ...unary((x) => g.power(x, -0.75), positive),
  ],
  reluGradient: [[on(([dy]) => g.reluGradient(dy, g.vector([-1, 0, 2, 3]))), [[4]]]],
  relu6Gradient: [[on(([dy]) => g.relu6Gradient(dy, g.vector([-1, 0, 2, 6]))), [[4]]]],

  add: binary(g.add),
  subtract: binary(g.subtract),
  multiply: [...binary(g.multiply), ...unary((x) => g.multiply(x, x))],
  divide: binary(g.divide, positive),
  maximum: binary(g.maximum),
  minimum: binary(g.minimum),
  select: [
    ...binary((a, b) => g.select(g.greater(a, b), g.multiply(a, 2), b)),
    [on(([c, a]) => g.select(g.greater(c, 0), a, 3)), [[2, 3], [3]]],
  ],
  sum: reductions(g.sum),
  mean: reductions(g.mean),

  matmul: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB): Check => {
      const shapes = [transposeA ? [4, 3] : [3, 4], transposeB ? [2, 4] : [4, 2]]
      return [on(([a, b]) => g.matmul(a, b, { transposeA, transposeB })), shapes]
    }),
  ),
  conv2d: convolutions.map(({ x, filter, attributes }) => [
    on(([a, b]) => g.conv2d(a, b, attributes)),
    [x, filter],
  ]),
  conv2dInputGradient: convolutions.map(({ x, filter, y, attributes }) => [
    on(([dy, b]) => g.conv2dInputGradient(dy, b, x, attributes)),
    [y, filter],
  ]),
  conv2dFilterGradient: convolutions.map(({ x, filter, y, attributes }) => [
    on(([a, dy]) => g.conv2dFilterGradient(a, dy, filter, attributes)),
    [x, y],
  ]),

  maxPool2d: pools.map(([shape, options]) => [on(([x]) => g.maxPool2d(x, options)), [shape]]),
  averagePool2d: averagePools.map(([shape, options]) => [on(([x]) => g.averagePool2d(x, options)), [shape]]),
  averagePool2dGradient: averagePools.map(([shape, options]) => {
    const { y, attributes } = averageAttributes(shape, options)
    return [on(([dy]) => g.averagePool2dGradient(dy, shape, attributes)), [y]]
  }),

  batchNormTrain: [
    [on(([x, scale, offset]) => g.batchNormTrain(x, scale, offset, 1e-3).y), [[2, 3, 2, 3], [3], [3]]],
    [on(([x, scale, offset]) => g.batchNormTrain(x, scale, offset).y), [[5, 2], [2], [2]]],
  ],
  batchNormInfer: [
    [
      on(([x, s, o, mean, variance]) => g.batchNormInfer(x, s, o, mean, variance, 1e-3)),
      [[2, 2, 3, 3], [3], [3], [3], [3]],
      positive,
    ],
  ],
  layerNorm: [
    [on(([x, scale, offset]) => g.layerNorm(x, scale, offset)), [[2, 3, 5], [5], [5]]],
    [on(([x, scale, offset]) => g.layerNorm(x, scale, offset, 1e-2)), [[4, 3], [3], [3]]],
  ],
  localResponseNorm: [
    [on(([x]) => g.localResponseNorm(x, { alpha: 0.5, bias: 2 })), [[1, 2, 2, 7]]],
    [on(([x]) => g.localResponseNorm(x, { size: 3, alpha: 1, beta: 0.5 })), [[2, 1, 1, 2]]],
    [on(([x]) => g.localResponseNorm(x, { size: 1, alpha: 1 })), [[1, 1, 1, 4]]],
  ],
  softmax: unary(g.softmax),
  logSoftmax: unary(g.logSoftmax),

  reshape: unary((x) => g.reshape(x, [7, -1])),
  transpose: [
    [on(([x]) => g.transpose(x, [2, 0, 1])), [[2, 3, 4]]],
    [on(([x]) => g.flatten(x)), [[2, 2, 3, 2]]],
  ],
  broadcastTo: [
    [on(([x]) => g.broadcastTo(x, [2, 3, 4])), [[3, 1]]],
    [on(([x]) => g.broadcastTo(x, [1, 1])), [[1]]],
    [on(([x]) => g.broadcastTo(x, [2, 2])), [[]]],
  ],
  concat: [
    [
      on(([a, b, c]) => g.concat([a, b, c])),
      [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
    ],
    [
      on(([a, b]) => g.concat([a, b, a], 0)),
      [
        [2, 2, 1],
        [1, 2, 1],
      ],
    ],
  ],
  slice: [
    [on(([x]) => g.slice(x, [0, 1], [2, 2])), [[3, 4]]],
    [on(([x]) => g.slice(x, [1, 0], [2, 3], [2, 3])), [[5, 7]]],
  ],
  sliceGradient: [[on(([dy]) => g.sliceGradient(dy, [5, 7], [1, 0], [2, 3])), [[2, 3]]]],
  pad: [[on(([x]) => g.pad(x, [0, 1, 2], [1, 0, 3], -1)), [[2, 2, 2]]]],
  resizeBilinear: images.map(([from, to, coordinates]) => [
    on(([x]) => g.resizeBilinear(x, to, coordinates)),
    [from],
  ]),
  resizeBilinearGradient: images.map(([from, to, coordinates]) => [
    on(([dy]) => g.resizeBilinearGradient(dy, [from[1] as number, from[2] as number], coordinates)),
    [[from[0] as number, ...to, from[3] as number]],
  ]),
}

/** Ops through which no gradient flows: sources, whole numbers and choices, and gradients that are not differentiated again. */
const notDifferentiable: readonly g.OpName[] = [
  'input',
  'state',
  'constant',
  'sign',
  'cast',
  'stopGradient',
  'greater',
  'equal',
  'oneHot',
  'maxPool2dGradient',
  'batchNormTrainGradient',
]

const ops = Object.keys(gradientRules) as g.OpName[]

describe('gradient rules against finite differences', () => {
  it('cover every op or say that it has no gradient', () => {
    const without = ops.filter((op) => !gradientRules[op])
    expect(without.toSorted()).toEqual(notDifferentiable.toSorted())
  })

  it.each(ops.filter((op) => gradientRules[op]))('%s', (op) => {
    const configurations = checks[op] ?? []
    expect(configurations.length, `gradient checks of ${op}`).toBeGreaterThan(0)
    for (const [build, shapes, options] of configurations) {
      const tensor = build(shapes.map((shape, i) => g.input(`${i}`, shape)))
      expect(g.topologicalOrder([tensor]).map((node) => node.op)).toContain(op)
      expect(checkGradient(build, shapes, options)).toBeLessThan(1e-6)
    }
  })
})
