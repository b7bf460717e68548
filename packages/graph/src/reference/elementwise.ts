import type { ElementwiseOp } from '../ops/attributes.js'
import type { DType } from '../tensor.js'
import { erf } from './erf.js'
import type { Inputs, KernelsFor, Outputs } from './kernel.js'
import { broadcastOffsets } from './offsets.js'

/** A kernel without attributes, of any op. */
type Elementwise = (inputs: Inputs, outputs: Outputs) => void

// One input

const unary =
  (f: (x: number) => number): Elementwise =>
  ([x], [y]) =>
    y.data.set(x.data.map(f))

const relu6 = (x: number) => Math.min(Math.max(x, 0), 6)
const hardSigmoid = (x: number) => relu6(x + 3) / 6
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** Rounding that a value undergoes when it is stored in another dtype. */
const conversions: Record<DType, (x: number) => number> = {
  float32: (x) => x,
  int32: Math.trunc,
  uint8: Math.trunc,
  bool: (x) => (x === 0 ? 0 : 1),
}

// Two inputs that broadcast

const binary =
  (f: (a: number, b: number) => number): Elementwise =>
  ([a, b], [y]) => {
    const fromA = broadcastOffsets(a.shape, y.shape)
    const fromB = broadcastOffsets(b.shape, y.shape)
    for (let i = 0; i < y.data.length; i++) y.data[i] = f(a.data[fromA[i]!]!, b.data[fromB[i]!]!)
  }

export const elementwiseKernels: KernelsFor<ElementwiseOp> = {
  relu: unary((x) => Math.max(x, 0)),
  relu6: unary(relu6),
  sigmoid: unary(sigmoid),
  tanh: unary(Math.tanh),
  silu: unary((x) => x * sigmoid(x)),
  hardSwish: unary((x) => x * hardSigmoid(x)),
  hardSigmoid: unary(hardSigmoid),
  gelu: unary((x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2))),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  erf: unary(erf),
  negate: unary((x) => -x),
  power: ([x], [y], { exponent }) => y.data.set(x.data.map((value) => value ** exponent)),
  cast: ([x], [y], { dtype }) => y.data.set(x.data.map(conversions[dtype])),
  stopGradient: unary((x) => x),
  reluGradient: binary((dy, y) => (y > 0 ? dy : 0)),
  relu6Gradient: binary((dy, y) => (y > 0 && y < 6 ? dy : 0)),

  add: binary((a, b) => a + b),
  subtract: binary((a, b) => a - b),
  multiply: binary((a, b) => a * b),
  divide: binary((a, b) => a / b),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  greater: binary((a, b) => (a > b ? 1 : 0)),
  equal: binary((a, b) => (a === b ? 1 : 0)),
  select: ([condition, a, b], [y]) => {
    const [fromCondition, fromA, fromB] = [condition, a, b].map(({ shape }) =>
      broadcastOffsets(shape, y.shape),
    )
    for (let i = 0; i < y.data.length; i++) {
      y.data[i] = condition.data[fromCondition![i]!] ? a.data[fromA![i]!]! : b.data[fromB![i]!]!
    }
  },
}
