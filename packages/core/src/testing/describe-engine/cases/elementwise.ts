import * as g from '@convkit/graph'
import type { AgreementCase, InputSpec } from '../agreement.js'
import { bool, type Cases, image, int32, pooled, positive, slopes, type Tensor, uint8 } from './shared.js'

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

/** Ops that treat each element alone. */
export const elementwiseCases = {
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
} satisfies Record<string, Cases>
