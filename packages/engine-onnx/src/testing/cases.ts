import * as g from '@convkit/graph'
import type { AgreementCase, InputSpec } from './agreement.js'

type Tensor = g.SymbolicTensor
type Build = AgreementCase['build']
type Cases = Readonly<Record<string, AgreementCase>>

const image: g.Shape = [2, 5, 7, 3]
const positive = (shape: g.Shape): InputSpec => ({ shape, range: [0.1, 3] })
const int32 = (shape: g.Shape): InputSpec => ({ shape, dtype: 'int32', range: [-3, 3] })
const bool = (shape: g.Shape): InputSpec => ({ shape, dtype: 'bool' })
const uint8 = (shape: g.Shape): InputSpec => ({ shape, dtype: 'uint8' })
const weight = (shape: g.Shape): InputSpec => ({ shape, isState: true })

/** y, as a graph that has it channels-first if that differs. */
const pooled = (x: Tensor) => g.maxPool2d(x, { size: 1 })

const unary = (
  f: (x: Tensor) => Tensor,
  spec: (shape: g.Shape) => InputSpec | g.Shape = (shape) => shape,
): Cases => ({
  image: { inputs: [spec(image)], build: ([x]) => f(x!) },
  vector: { inputs: [spec([11])], build: ([x]) => f(x!) },
  scalar: { inputs: [spec([])], build: ([x]) => f(x!) },
})

const binary = (
  f: (a: Tensor, b: Tensor) => Tensor,
  spec: (shape: g.Shape) => InputSpec | g.Shape = (shape) => shape,
): Cases => {
  const pair = (a: g.Shape, b: g.Shape): AgreementCase => ({
    inputs: [spec(a), spec(b)],
    build: ([x, y]) => f(x!, y!),
  })
  return {
    'same shape': pair(image, image),
    'channel vector': pair(image, [3]),
    'channel vector first': pair([3], image),
    'one value an image': pair(image, [2, 1, 1, 1]),
    'one value a channel of an image': pair([2, 1, 1, 3], image),
    'one value a position': pair(image, [5, 7, 1]),
    'one value a column and channel': pair([7, 3], image),
    'both broadcast': pair([2, 1, 7, 1], [5, 1, 3]),
    scalar: pair(image, []),
    matrices: pair([4, 3], [4, 1]),
  }
}

type ConvolutionCase = [x: g.Shape, filter: g.Shape, options?: g.Conv2dOptions]

const convolutions: Record<string, ConvolutionCase> = {
  '3x3, padded': [[2, 6, 7, 3], [5, 3, 3, 3], { padding: 1 }],
  '3x3, valid': [
    [2, 6, 7, 3],
    [5, 3, 3, 3],
  ],
  '3x3, stride 2': [[2, 7, 8, 4], [6, 4, 3, 3], { strides: 2, padding: 1 }],
  '3x3, stride 2, even': [[2, 8, 8, 16], [32, 16, 3, 3], { strides: 2, padding: 1 }],
  '3x3, stride 2, same': [[1, 8, 7, 4], [6, 4, 3, 3], { strides: 2, padding: 'same' }],
  '5x3, strides 3 and 2': [[2, 11, 9, 2], [3, 2, 5, 3], { strides: [3, 2], padding: [2, 1] }],
  '3x3, stride 4 beyond the kernel': [[1, 13, 13, 2], [3, 2, 3, 3], { strides: 4 }],
  '1x1': [
    [2, 5, 5, 4],
    [6, 4, 1, 1],
  ],
  '1x1, stride 2': [[2, 6, 7, 16], [32, 16, 1, 1], { strides: 2 }],
  '1x1, padded': [[2, 5, 5, 4], [6, 4, 1, 1], { padding: 1 }],
  '7x7, stride 2': [[1, 20, 20, 3], [8, 3, 7, 7], { strides: 2, padding: 3 }],
  '7x7, stride 2, 16 filters': [[2, 20, 20, 3], [16, 3, 7, 7], { strides: 2, padding: 3 }],
  '11x11, stride 4': [[1, 31, 31, 3], [4, 3, 11, 11], { strides: 4, padding: 2 }],
  'one-sided padding': [[1, 6, 6, 2], [3, 2, 3, 3], { padding: [0, 1, 2, 0] }],
  'wide padding': [[1, 4, 4, 2], [3, 2, 3, 3], { padding: 3 }],
  'even kernel': [[2, 6, 6, 3], [4, 3, 2, 4], { padding: [1, 0, 2, 1] }],
  'even kernel, stride 2': [[2, 8, 8, 3], [4, 3, 4, 4], { strides: 2, padding: 1 }],
  'not reached at the end': [[1, 8, 8, 2], [3, 2, 3, 3], { strides: 3 }],
  'padding not reached at the end': [[1, 6, 6, 16], [16, 16, 3, 3], { strides: 2, padding: [1, 2, 1, 2] }],
  'dilation 2': [[2, 9, 8, 3], [4, 3, 3, 3], { dilations: 2, padding: 2 }],
  'dilation and stride': [[2, 11, 12, 3], [4, 3, 3, 2], { dilations: [2, 3], strides: [2, 2], padding: 2 }],
  'two groups': [[2, 6, 6, 4], [6, 2, 3, 3], { groups: 2, padding: 1 }],
  'four groups, stride 2': [[2, 7, 7, 8], [8, 2, 3, 3], { groups: 4, strides: 2, padding: 1 }],
  depthwise: [[2, 6, 7, 5], [5, 1, 3, 3], { groups: 5, padding: 1 }],
  'depthwise, 16 channels': [[2, 6, 7, 16], [16, 1, 3, 3], { groups: 16, padding: 1 }],
  'depthwise, stride 2': [[2, 8, 7, 6], [6, 1, 5, 5], { groups: 6, strides: 2, padding: 2 }],
  'depthwise, two filters a channel': [[2, 6, 6, 3], [6, 1, 3, 3], { groups: 3, padding: 1 }],
  'depthwise, dilated': [[1, 9, 9, 4], [4, 1, 3, 3], { groups: 4, dilations: 2, padding: 2 }],
  'large output': [[1, 30, 30, 2], [3, 2, 3, 3], { padding: 1 }],
  '16 and 32 channels': [[2, 9, 9, 16], [32, 16, 3, 3], { padding: 1 }],
  '32 and 16 channels, 5x5': [[2, 9, 8, 32], [16, 32, 5, 5], { padding: 2 }],
  '16 channels, 1x7': [[2, 9, 9, 16], [16, 16, 1, 7], { padding: [0, 3] }],
  '16 channels, one pixel': [
    [2, 1, 1, 16],
    [32, 16, 1, 1],
  ],
  '16 channels, dilated': [[1, 9, 9, 16], [16, 16, 3, 3], { dilations: 2, padding: 2 }],
  '16 channels, stride 2, odd': [[2, 7, 9, 16], [16, 16, 3, 3], { strides: 2, padding: 1 }],
  '16 channels, strides 2 and 1': [[2, 8, 8, 16], [16, 16, 3, 3], { strides: [2, 1], padding: 1 }],
  '32 channels, two groups': [[2, 6, 6, 32], [32, 16, 3, 3], { groups: 2, padding: 1 }],
}

const forwardConvolutions = mapCases(convolutions, ([x, filter, options]) => ({
  inputs: [x, weight(filter)],
  build: ([a, b]) => g.conv2d(a!, b!, options),
}))

function mapCases<T>(cases: Readonly<Record<string, T>>, to: (value: T) => AgreementCase): Cases {
  return Object.fromEntries(Object.entries(cases).map(([name, value]) => [name, to(value)]))
}

/** Gradients of a sum in which every element of y has its own weight. */
const slopes = (y: Tensor, wrt: readonly Tensor[]): Tensor[] => {
  const weights = g.vector(
    Array.from({ length: g.sizeOf(y.shape) }, (_, i) => Math.sin(i + 1)),
    y.shape,
  )
  return g.gradients(g.sum(g.multiply(y, weights)), wrt)
}

type PoolCase = [x: g.Shape, options: g.AveragePool2dOptions]

const pools: Record<string, PoolCase> = {
  '2x2': [[2, 6, 8, 3], { size: 2 }],
  '2x2, odd': [[2, 7, 5, 3], { size: 2 }],
  '3x3, stride 2, padded': [[2, 8, 7, 3], { size: 3, strides: 2, padding: 1 }],
  '3x3, stride 2, padded, 16 channels': [[2, 8, 8, 16], { size: 3, strides: 2, padding: 1 }],
  '3x3, stride 2, padded, 16 channels, odd': [[2, 9, 7, 16], { size: 3, strides: 2, padding: 1 }],
  '3x3, stride 2': [[2, 9, 9, 16], { size: 3, strides: 2 }],
  '3x3, stride 1, padded': [[1, 5, 6, 2], { size: 3, strides: 1, padding: 1 }],
  '3x3, stride 1, 16 channels': [[1, 5, 6, 16], { size: 3, strides: 1, padding: 1 }],
  'ceil mode': [[2, 8, 8, 3], { size: 3, strides: 2, ceilMode: true }],
  'ceil mode, 16 channels': [[2, 8, 8, 16], { size: 3, strides: 2, ceilMode: true }],
  'ceil mode, padded': [[2, 6, 7, 3], { size: 3, strides: 2, padding: 1, ceilMode: true }],
  'ceil mode, one-sided padding': [
    [1, 7, 8, 2],
    { size: [3, 2], strides: 2, padding: [1, 0, 0, 1], ceilMode: true },
  ],
  'stride beyond the window': [[1, 9, 9, 2], { size: 2, strides: 3 }],
  'same padding': [[1, 7, 7, 2], { size: 3, strides: 2, padding: 'same' }],
  'whole image': [[2, 4, 5, 16], { size: [4, 5] }],
  '2x2, 16 channels': [[2, 6, 8, 16], { size: 2 }],
}

const averagePools: Record<string, PoolCase> = Object.fromEntries(
  Object.entries(pools).flatMap(([name, [x, options]]) => [
    [name, [x, options]],
    [`${name}, padding not counted`, [x, { ...options, countPadding: false }]],
  ]),
)

const channelVectors = (count: number, channels: number) =>
  Array.from({ length: count }, () => positive([channels]))

const normalizedShapes: Record<string, g.Shape> = {
  image: [3, 5, 4, 6],
  '16 channels': [2, 4, 6, 16],
  '32 channels, one pixel': [4, 1, 1, 32],
  matrix: [7, 4],
}

const asBatchNorm = (x: Tensor, scale: Tensor, offset: Tensor) => {
  const { y, mean, variance } = g.batchNormTrain(x, scale, offset, 1e-3)
  return { y, outputs: [y, mean, variance] }
}

const shifted = (shape: g.Shape): InputSpec => ({ shape, range: [-1, 4] })

const slicing: Record<string, [x: g.Shape, starts: number[], sizes: number[], strides?: number[]]> = {
  channels: [image, [0, 0, 0, 1], [2, 5, 7, 2]],
  '16 of 32 channels': [
    [2, 3, 3, 32],
    [0, 0, 0, 16],
    [2, 3, 3, 16],
  ],
  '16 channels off the grid': [
    [2, 3, 3, 32],
    [0, 0, 0, 5],
    [2, 3, 3, 16],
  ],
  window: [
    [2, 5, 7, 16],
    [0, 1, 2, 0],
    [2, 3, 4, 16],
  ],
  'every second': [image, [0, 0, 1, 0], [2, 3, 3, 3], [1, 2, 2, 1]],
  'every second, last step outside': [
    [4, 8],
    [1, 1],
    [2, 3],
    [2, 3],
  ],
  row: [
    [4, 8],
    [2, 0],
    [1, 8],
  ],
}

/** For each op, graphs that hold it. The type makes the compiler find an op without one. */
export const cases: { readonly [K in g.OpName]: Cases } = {
  input: {
    passed: { inputs: [image], build: ([x]) => x! },
    flags: { inputs: [bool([5])], build: ([x]) => x! },
  },
  state: { passed: { inputs: [weight([4, 3, 3, 3])], build: ([x]) => x! } },
  constant: {
    scalar: { inputs: [], build: () => g.constant(2.5) },
    image: {
      inputs: [image],
      build: ([x]) =>
        g.add(
          pooled(x!),
          g.vector(
            Array.from({ length: 210 }, (_, i) => i),
            image,
          ),
        ),
    },
  },

  relu: unary(g.relu),
  relu6: unary((x) => g.relu6(g.multiply(x, 5))),
  sigmoid: unary(g.sigmoid),
  tanh: unary(g.tanh),
  silu: unary(g.silu),
  hardSwish: unary((x) => g.hardSwish(g.multiply(x, 2))),
  hardSigmoid: unary((x) => g.hardSigmoid(g.multiply(x, 2))),
  gelu: unary(g.gelu),
  exp: unary(g.exp),
  log: unary(g.log, positive),
  sqrt: unary(g.sqrt, positive),
  abs: { ...unary(g.abs), whole: { inputs: [int32([9])], build: ([x]) => g.abs(x!) } },
  sign: { ...unary(g.sign), whole: { inputs: [int32([9])], build: ([x]) => g.sign(x!) } },
  erf: unary(g.erf),
  negate: { ...unary(g.negate), whole: { inputs: [int32([9])], build: ([x]) => g.negate(x!) } },
  power: Object.fromEntries(
    [2, 3, 0.5, -0.5, -1, -0.75, -1.75, 0.25, 1.3, 0].flatMap((exponent) =>
      Object.entries(unary((x) => g.power(x, exponent), positive)).map(([name, value]) => [
        `${name} ^ ${exponent}`,
        value,
      ]),
    ),
  ),
  cast: Object.fromEntries(
    (['float32', 'int32', 'uint8', 'bool'] as const).flatMap((from) =>
      (['float32', 'int32', 'uint8', 'bool'] as const)
        .filter((to) => to !== from)
        .map((to) => [
          `${from} to ${to}`,
          {
            inputs: [{ shape: image, dtype: from, range: [0, 9] }],
            build: ([x]: Tensor[]) => g.cast(x!, to),
          } as AgreementCase,
        ]),
    ),
  ),
  stopGradient: unary(g.stopGradient),
  reluGradient: {
    image: { inputs: [image, image], build: ([dy, y]) => g.reluGradient(dy!, g.relu(y!)) },
    'zeros and ones': {
      inputs: [image, { shape: image, whole: true }],
      build: ([dy, y]) => g.reluGradient(dy!, y!),
    },
    built: { inputs: [image, image], build: ([x]) => slopes(g.relu(pooled(x!)), [x!]) },
  },
  relu6Gradient: {
    image: {
      inputs: [image, { shape: image, range: [-3, 9], whole: true }],
      build: ([dy, y]) => g.relu6Gradient(dy!, g.relu6(y!)),
    },
  },

  add: { ...binary(g.add), whole: { inputs: [int32([4]), int32([3, 4])], build: ([a, b]) => g.add(a!, b!) } },
  subtract: {
    ...binary(g.subtract),
    whole: { inputs: [int32([4]), int32([3, 4])], build: ([a, b]) => g.subtract(a!, b!) },
  },
  multiply: {
    ...binary(g.multiply),
    'uint8, small': {
      inputs: [{ ...bool([4]), dtype: 'bool' }, bool([4])],
      build: ([a, b]) => g.multiply(a!, b!),
    },
    'bytes by flags': {
      inputs: [uint8([9]), bool([9])],
      build: ([a, b]) => g.multiply(a!, g.cast(b!, 'uint8')),
    },
  },
  divide: binary(g.divide, positive),
  maximum: {
    ...binary(g.maximum),
    bytes: { inputs: [uint8(image), uint8([3])], build: ([a, b]) => g.maximum(a!, b!) },
  },
  minimum: {
    ...binary(g.minimum),
    whole: { inputs: [int32([9]), int32([9])], build: ([a, b]) => g.minimum(a!, b!) },
  },
  greater: {
    ...binary(g.greater),
    bytes: { inputs: [uint8(image), uint8(image)], build: ([a, b]) => g.greater(a!, b!) },
  },
  equal: {
    ...binary(g.equal, int32),
    floats: {
      inputs: [
        { shape: image, whole: true },
        { shape: image, whole: true },
      ],
      build: ([a, b]) => g.equal(a!, b!),
    },
    bytes: { inputs: [uint8([99]), uint8([99])], build: ([a, b]) => g.equal(a!, b!) },
    flags: { inputs: [bool([9]), bool([9])], build: ([a, b]) => g.equal(a!, b!) },
  },
  select: {
    image: { inputs: [bool(image), image, image], build: ([c, a, b]) => g.select(c!, pooled(a!), b!) },
    broadcast: {
      inputs: [bool([2, 1, 1, 1]), image, [3]],
      build: ([c, a, b]) => g.select(c!, pooled(a!), b!),
    },
    whole: { inputs: [bool([9]), int32([9]), int32([9])], build: ([c, a, b]) => g.select(c!, a!, b!) },
    flags: { inputs: [bool([9]), bool([9]), bool([9])], build: ([c, a, b]) => g.select(c!, a!, b!) },
    bytes: { inputs: [bool([9]), uint8([9]), uint8([9])], build: ([c, a, b]) => g.select(c!, a!, b!) },
    compared: { inputs: [image, image], build: ([a, b]) => g.select(g.greater(pooled(a!), b!), a!, 0) },
  },

  sum: reductions(g.sum),
  mean: reductions(g.mean),

  matmul: {
    plain: {
      inputs: [
        [4, 5],
        [5, 3],
      ],
      build: ([a, b]) => g.matmul(a!, b!),
    },
    'first transposed': {
      inputs: [
        [5, 4],
        [5, 3],
      ],
      build: ([a, b]) => g.matmul(a!, b!, { transposeA: true }),
    },
    'second transposed': {
      inputs: [
        [4, 5],
        [3, 5],
      ],
      build: ([a, b]) => g.matmul(a!, b!, { transposeB: true }),
    },
    'both transposed': {
      inputs: [
        [5, 4],
        [3, 5],
      ],
      build: ([a, b]) => g.matmul(a!, b!, { transposeA: true, transposeB: true }),
    },
    'dense layer on positions': {
      inputs: [image, weight([4, 3]), [4]],
      build: ([x, w, b]) => g.dense(pooled(x!), w!, b!),
    },
    'gradients of a dense layer': {
      inputs: [[5, 6], weight([4, 6]), [4], [5, 4]],
      build: ([x, w, b, dy]) => g.gradients(g.sum(g.multiply(g.dense(x!, w!, b!), dy!)), [x!, w!, b!]),
    },
  },
  conv2d: forwardConvolutions,
  conv2dInputGradient: mapCases(convolutions, ([x, filter, options]) =>
    convolutionGradient(x, filter, options, 'x'),
  ),
  conv2dFilterGradient: mapCases(convolutions, ([x, filter, options]) =>
    convolutionGradient(x, filter, options, 'filter'),
  ),

  maxPool2d: mapCases(pools, ([x, options]) => ({ inputs: [x], build: ([a]) => g.maxPool2d(a!, options) })),
  maxPool2dGradient: {
    ...mapCases(pools, ([x, options]) => poolGradient({ shape: x }, (a) => g.maxPool2d(a, options))),
    ...Object.fromEntries(
      Object.entries(pools).flatMap(([name, [shape, options]]) => [
        [`${name}, equal values`, poolGradient({ shape, whole: true }, (a) => g.maxPool2d(a, options))],
        [`${name}, after relu`, poolGradient({ shape, whole: true }, (a) => g.maxPool2d(g.relu(a), options))],
      ]),
    ),
  },
  averagePool2d: mapCases(averagePools, ([x, options]) => ({
    inputs: [x],
    build: ([a]) => g.averagePool2d(a!, options),
  })),
  averagePool2dGradient: mapCases(averagePools, ([x, options]) =>
    poolGradient({ shape: x }, (a) => g.averagePool2d(a, options)),
  ),

  batchNormTrain: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(2, shape.at(-1)!)],
    build: ([x, scale, offset]) => asBatchNorm(x!, scale!, offset!).outputs,
  })),
  batchNormTrainGradient: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(2, shape.at(-1)!), shape],
    build: ([x, scale, offset, dy]) =>
      g.gradients(g.sum(g.multiply(asBatchNorm(x!, scale!, offset!).y, dy!)), [x!, scale!, offset!]),
  })),
  batchNormInfer: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(4, shape.at(-1)!)],
    build: ([x, ...vectors]) => g.batchNormInfer(x!, ...(vectors as [Tensor, Tensor, Tensor, Tensor]), 1e-3),
  })),
  layerNorm: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(2, shape.at(-1)!), shape],
    build: ([x, scale, offset, dy]) => {
      const y = g.layerNorm(x!, scale!, offset!)
      return [y, ...g.gradients(g.sum(g.multiply(y, dy!)), [x!, scale!, offset!])]
    },
  })),
  localResponseNorm: {
    ...mapCases(normalizedShapes, (shape) => ({
      inputs: [shape, shape],
      build: ([x, dy]) => {
        const y = g.localResponseNorm(x!, { alpha: 0.3, bias: 2 })
        return [y, ...g.gradients(g.sum(g.multiply(y, dy!)), [x!])]
      },
    })),
    'three channels, window of 5': { inputs: [image], build: ([x]) => g.localResponseNorm(x!, { alpha: 1 }) },
  },
  softmax: unaryOverChannels(g.softmax),
  logSoftmax: unaryOverChannels(g.logSoftmax),

  reshape: {
    image: { inputs: [image], build: ([x]) => g.reshape(pooled(x!), [10, 21]) },
    'to an image': { inputs: [[10, 21]], build: ([x]) => pooled(g.reshape(x!, image)) },
    flags: { inputs: [bool([2, 6])], build: ([x]) => g.reshape(x!, [3, 4]) },
  },
  transpose: {
    'to channels first': { inputs: [image], build: ([x]) => g.transpose(pooled(x!), [0, 3, 1, 2]) },
    'from channels first': { inputs: [[2, 3, 5, 7]], build: ([x]) => pooled(g.transpose(x!, [0, 2, 3, 1])) },
    'rows and columns': { inputs: [image], build: ([x]) => g.transpose(pooled(x!), [0, 2, 1, 3]) },
    matrix: { inputs: [[3, 4]], build: ([x]) => g.transpose(x!, [1, 0]) },
    flattened: { inputs: [image], build: ([x]) => slopes(g.flatten(pooled(x!)), [x!]) },
  },
  broadcastTo: {
    'to an image': { inputs: [[2, 1, 1, 3]], build: ([x]) => g.broadcastTo(pooled(x!), image) },
    'channel vector': { inputs: [[3]], build: ([x]) => pooled(g.broadcastTo(x!, image)) },
    scalar: { inputs: [[]], build: ([x]) => g.broadcastTo(x!, [3, 4]) },
    column: { inputs: [[3, 1]], build: ([x]) => g.broadcastTo(x!, [2, 3, 4]) },
    'gradient of a mean': {
      inputs: [image],
      build: ([x]) => slopes(g.globalAveragePool(g.relu(pooled(x!))), [x!]),
    },
  },
  concat: {
    channels: { inputs: [image, [2, 5, 7, 4]], build: ([a, b]) => g.concat([pooled(a!), b!]) },
    '16 and 32 channels': {
      inputs: [
        [2, 3, 3, 16],
        [2, 3, 3, 32],
      ],
      build: ([a, b]) => g.concat([pooled(a!), b!]),
    },
    rows: { inputs: [image, image, image], build: ([a, b, c]) => g.concat([pooled(a!), b!, c!], 1) },
    matrices: {
      inputs: [
        [2, 3],
        [4, 3],
      ],
      build: ([a, b]) => g.concat([a!, b!], 0),
    },
  },
  slice: mapCases(slicing, ([x, ...window]) => ({
    inputs: [x],
    build: ([a]) => g.slice(asLayout(a!), ...window),
  })),
  sliceGradient: mapCases(slicing, ([x, ...window]) => ({
    inputs: [x],
    build: ([a]) => slopes(g.slice(asLayout(a!), ...window), [a!]),
  })),
  pad: {
    image: { inputs: [image], build: ([x]) => g.pad(pooled(x!), [0, 1, 2, 1], [1, 0, 3, 0], 0.5) },
    channels: { inputs: [[2, 3, 3, 16]], build: ([x]) => g.pad(pooled(x!), [0, 0, 0, 0], [0, 0, 0, 16]) },
    whole: { inputs: [int32([4])], build: ([x]) => g.pad(x!, [1], [2], 7) },
    bytes: { inputs: [uint8([1, 3, 3, 2])], build: ([x]) => g.pad(x!, [0, 1, 1, 0], [0, 1, 1, 0], 128) },
  },
  resizeBilinear: resizes((x, size, coordinates) => g.resizeBilinear(x, size, coordinates)),
  resizeBilinearGradient: resizes(
    (x, size, coordinates) => slopes(g.resizeBilinear(x, size, coordinates), [x])[0]!,
  ),
  oneHot: {
    labels: { inputs: [{ shape: [9], dtype: 'int32', range: [-2, 6] }], build: ([x]) => g.oneHot(x!, 5) },
    image: {
      inputs: [{ shape: [2, 3, 3], dtype: 'int32', range: [0, 3] }],
      build: ([x]) => pooled(g.oneHot(x!, 4)),
    },
  },
}

function asLayout(x: Tensor): Tensor {
  return x.shape.length === 4 ? pooled(x) : x
}

function reductions(reduce: typeof g.sum): Cases {
  const over = (axes: number[] | undefined, keepDims: boolean, shape: g.Shape = image): AgreementCase => ({
    inputs: [shape],
    build: ([x]) => reduce(asLayout(x!), { ...(axes && { axes }), keepDims }),
  })
  return {
    all: over(undefined, false),
    'to channels': over([0, 1, 2], false),
    'to channels, 16 of them': over([0, 1, 2], false, [2, 3, 3, 16]),
    positions: over([1, 2], false),
    'positions, 16 channels': over([1, 2], true, [2, 3, 3, 16]),
    'positions, kept': over([1, 2], true),
    channels: over([3], false),
    'channels, kept': over([-1], true),
    rows: over([1], false),
    images: over([0], false),
    none: over([], false),
    matrix: over([1], false, [3, 4]),
    'matrix, kept': over([0], true, [3, 4]),
  }
}

function convolutionGradient(
  x: g.Shape,
  filter: g.Shape,
  options: g.Conv2dOptions | undefined,
  of: 'x' | 'filter',
): AgreementCase {
  const y = g.conv2d(g.input('x', x), g.input('filter', filter), options)
  const attributes = y.node.attributes as g.Conv2dAttributes
  const build: Build = ([a, b]) =>
    of === 'x'
      ? g.conv2dInputGradient(a!, b!, x, attributes)
      : g.conv2dFilterGradient(a!, b!, filter, attributes)
  return { inputs: of === 'x' ? [y.shape, weight(filter)] : [x, y.shape], build }
}

function poolGradient(x: InputSpec, pool: (x: Tensor) => Tensor): AgreementCase {
  return {
    inputs: [x, pool(g.input('x', x.shape)).shape],
    build: ([a, dy]) => g.gradients(g.sum(g.multiply(pool(a!), dy!)), [a!]),
  }
}

function unaryOverChannels(f: (x: Tensor) => Tensor): Cases {
  return {
    image: { inputs: [image], build: ([x]) => f(pooled(x!)) },
    matrix: { inputs: [[5, 7]], build: ([x]) => f(x!) },
    'large values': { inputs: [{ shape: [5, 7], range: [-200, 200] }], build: ([x]) => f(x!) },
  }
}

function resizes(resize: (x: Tensor, size: g.Pair, coordinates: g.ResizeCoordinates) => Tensor): Cases {
  const sizes: g.Pair[] = [
    [10, 14],
    [3, 4],
    [5, 7],
    [1, 1],
    [8, 3],
  ]
  const modes: g.ResizeCoordinates[] = ['half-pixel', 'align-corners']
  return Object.fromEntries(
    sizes.flatMap((size) =>
      modes.map((mode) => [
        `${size.join('x')}, ${mode}`,
        { inputs: [image], build: ([x]: Tensor[]) => resize(x!, size, mode) },
      ]),
    ),
  )
}
