import { applySingle, type DType, type SymbolicTensor, sameShape } from '../tensor.js'
import type { OpName } from './attributes.js'
import { broadcastShapes, expectFloat, shapeError } from './checks.js'
import { constant } from './sources.js'

/** A tensor, or a number that broadcasts. */
export type Operand = SymbolicTensor | number

// One input: [...] → [...]

const unary =
  (op: FloatOp) =>
  (x: SymbolicTensor): SymbolicTensor => {
    expectFloat(op, [x])
    return applySingle(op, [x], {}, x.shape)
  }

/** For ops that make sense on whole numbers too. */
const unaryOfAnyDType =
  (op: 'abs' | 'sign' | 'negate' | 'stopGradient') =>
  (x: SymbolicTensor): SymbolicTensor =>
    applySingle(op, [x], {}, x.shape, x.dtype)

type FloatOp =
  | 'relu'
  | 'relu6'
  | 'sigmoid'
  | 'tanh'
  | 'silu'
  | 'hardSwish'
  | 'hardSigmoid'
  | 'gelu'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'erf'

/** max(x, 0) */
export const relu = unary('relu')
/** min(max(x, 0), 6) */
export const relu6 = unary('relu6')
/** 1 / (1 + exp(−x)) */
export const sigmoid = unary('sigmoid')
export const tanh = unary('tanh')
/** x · sigmoid(x), also called swish. */
export const silu = unary('silu')
/** x · hardSigmoid(x) (Howard et al. 2019, MobileNetV3). */
export const hardSwish = unary('hardSwish')
/** relu6(x + 3) / 6 */
export const hardSigmoid = unary('hardSigmoid')
/** x · Φ(x), with the exact Gaussian distribution function, not the tanh approximation. */
export const gelu = unary('gelu')
export const exp = unary('exp')
export const log = unary('log')
export const sqrt = unary('sqrt')
export const abs = unaryOfAnyDType('abs')
/** −1, 0 or 1; its gradient is zero. */
export const sign = unaryOfAnyDType('sign')
/** The Gauss error function. */
export const erf = unary('erf')
export const negate = unaryOfAnyDType('negate')
/** x itself; no gradient flows back through it. */
export const stopGradient = unaryOfAnyDType('stopGradient')

/** x to a constant power; x must be positive where the exponent is not a whole number. */
export function power(x: SymbolicTensor, exponent: number): SymbolicTensor {
  expectFloat('power', [x])
  return applySingle('power', [x], { exponent }, x.shape)
}

export function square(x: SymbolicTensor): SymbolicTensor {
  return multiply(x, x)
}

/** Values in another dtype; float to integer truncates toward zero. */
export function cast(x: SymbolicTensor, dtype: DType): SymbolicTensor {
  return x.dtype === dtype ? x : applySingle('cast', [x], { dtype }, x.shape, dtype)
}

const maskedGradient =
  (op: 'reluGradient' | 'relu6Gradient') =>
  (dy: SymbolicTensor, y: SymbolicTensor): SymbolicTensor => {
    if (!sameShape(dy.shape, y.shape)) throw shapeError(op, [dy, y], 'gradient and output differ in shape')
    expectFloat(op, [dy, y])
    return applySingle(op, [dy, y], {}, y.shape)
  }

/** dy where 0 < y, with y the output of `relu`. */
export const reluGradient = maskedGradient('reluGradient')
/** dy where 0 < y < 6, with y the output of `relu6`. */
export const relu6Gradient = maskedGradient('relu6Gradient')

// Two inputs that broadcast by NumPy's rule

type BinaryOp = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'greater' | 'equal'

const toTensor = (x: Operand): SymbolicTensor => (typeof x === 'number' ? constant(x) : x)

function expectSameDType(op: OpName, a: SymbolicTensor, b: SymbolicTensor): void {
  if (a.dtype !== b.dtype)
    throw shapeError(op, [a, b], `the operands' dtypes differ: ${a.dtype} and ${b.dtype}; use cast`)
}

const binary =
  (op: BinaryOp, dtype?: DType) =>
  (a: Operand, b: Operand): SymbolicTensor => {
    const inputs = [toTensor(a), toTensor(b)] as const
    expectSameDType(op, ...inputs)
    if (op === 'divide') expectFloat(op, inputs)
    return applySingle(op, inputs, {}, broadcastShapes(op, inputs), dtype ?? inputs[0].dtype)
  }

export const add = binary('add')
export const subtract = binary('subtract')
export const multiply = binary('multiply')
/** a / b, of float32. */
export const divide = binary('divide')
export const maximum = binary('maximum')
export const minimum = binary('minimum')
/** a > b, as bool. */
export const greater = binary('greater', 'bool')
/** a = b, as bool. */
export const equal = binary('equal', 'bool')

/** `a` where the bool `condition` holds, else `b`. */
export function select(condition: SymbolicTensor, a: Operand, b: Operand): SymbolicTensor {
  const [tensorA, tensorB] = [toTensor(a), toTensor(b)]
  if (condition.dtype !== 'bool') {
    throw shapeError('select', [condition], `the condition must be bool, but is ${condition.dtype}`)
  }
  expectSameDType('select', tensorA, tensorB)
  const inputs = [condition, tensorA, tensorB]
  return applySingle('select', inputs, {}, broadcastShapes('select', inputs), tensorA.dtype)
}

/** Limits x to [low, high]. */
export function clip(x: SymbolicTensor, low: number, high: number): SymbolicTensor {
  return minimum(maximum(x, low), high)
}
