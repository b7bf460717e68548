import { divide, greater, multiply, negate, power, select, sign } from '../ops/elementwise.js'
import { sum } from '../ops/reduction.js'
import { broadcastTo, reshape } from '../ops/shape.js'
import { type Shape, type SymbolicTensor, sameShape, sizeOf } from '../tensor.js'
import { inputsOf, type One, outputOf, type RulesFor, type Three, type Two } from './rule.js'

export const arithmeticRules: RulesFor<
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'sign'
  | 'negate'
  | 'power'
  | 'cast'
  | 'stopGradient'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'greater'
  | 'equal'
  | 'select'
  | 'sum'
  | 'mean'
> = {
  exp: (node, dy) => [multiply(dy, outputOf(node))],
  log: (node, dy) => [divide(dy, inputsOf<One>(node)[0])],
  sqrt: (node, dy) => [divide(multiply(dy, 0.5), outputOf(node))],
  abs: (node, dy) => [multiply(dy, sign(inputsOf<One>(node)[0]))],
  sign: undefined,
  negate: (_, dy) => [negate(dy)],
  power: (node, dy) => {
    const { exponent } = node.attributes
    if (exponent === 0) return []
    return [multiply(dy, multiply(power(inputsOf<One>(node)[0], exponent - 1), exponent))]
  },
  cast: undefined,
  stopGradient: undefined,

  add: (node, dy) => node.inputs.map(({ shape }) => sumTo(dy, shape)),
  subtract: (node, dy) => {
    const [a, b] = inputsOf<Two>(node)
    return [sumTo(dy, a.shape), sumTo(negate(dy), b.shape)]
  },
  multiply: (node, dy) => {
    const [a, b] = inputsOf<Two>(node)
    return [sumTo(multiply(dy, b), a.shape), sumTo(multiply(dy, a), b.shape)]
  },
  divide: (node, dy) => {
    const [a, b] = inputsOf<Two>(node)
    const da = divide(dy, b)
    return [sumTo(da, a.shape), sumTo(negate(multiply(da, outputOf(node))), b.shape)]
  },
  // Of equal values the first operand takes the gradient.
  maximum: (node, dy) => {
    const [a, b] = inputsOf<Two>(node)
    return chosen(greater(b, a), dy, a.shape, b.shape)
  },
  minimum: (node, dy) => {
    const [a, b] = inputsOf<Two>(node)
    return chosen(greater(a, b), dy, a.shape, b.shape)
  },
  greater: undefined,
  equal: undefined,
  select: (node, dy) => {
    const [condition, a, b] = inputsOf<Three>(node)
    return [undefined, sumTo(select(condition, dy, 0), a.shape), sumTo(select(condition, 0, dy), b.shape)]
  },

  sum: (node, dy) => [spread(dy, inputsOf<One>(node)[0].shape, node.attributes.axes)],
  mean: (node, dy) => {
    const { shape } = inputsOf<One>(node)[0]
    const count = sizeOf(shape) / sizeOf(outputOf(node).shape)
    return [spread(divide(dy, count), shape, node.attributes.axes)]
  },
}

/** Gradients of a choice that took b where `second` holds, else a. */
function chosen(second: SymbolicTensor, dy: SymbolicTensor, a: Shape, b: Shape) {
  return [sumTo(select(second, 0, dy), a), sumTo(select(second, dy, 0), b)]
}

/** Undoes broadcasting: sums a gradient over the axes along which an operand of this shape was repeated. */
function sumTo(dy: SymbolicTensor, shape: Shape): SymbolicTensor {
  if (sameShape(dy.shape, shape)) return dy
  const leading = dy.shape.length - shape.length
  const axes = dy.shape.flatMap((size, axis) =>
    axis < leading || (shape[axis - leading] === 1 && size !== 1) ? [axis] : [],
  )
  return reshape(sum(dy, { axes, keepDims: true }), shape)
}

/** Undoes a reduction: repeats a gradient along the axes that were reduced. */
function spread(dy: SymbolicTensor, shape: Shape, axes: readonly number[]): SymbolicTensor {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return broadcastTo(reshape(dy, kept), shape)
}
