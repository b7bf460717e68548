import { ConvkitError } from '../error.js'
import { formatShape, type Shape, type SymbolicTensor, scopeOf } from '../tensor.js'
import type { OpName } from './attributes.js'

/** `conv2d at layer1.0.conv1: <problem> (shapes [8,56,56,64] and [128,32,3,3])`. */
export function shapeError(op: OpName, inputs: readonly SymbolicTensor[], problem: string): ConvkitError {
  const scope = scopeOf(inputs)
  const shapes = inputs.map(({ shape, node }) => {
    const from = node.scope && node.scope !== scope ? ` from ${node.scope}` : ''
    return formatShape(shape) + from
  })
  const where = scope ? `${op} at ${scope}` : op
  const noun = shapes.length === 1 ? 'shape' : 'shapes'
  return new ConvkitError('E_SHAPE', `${where}: ${problem} (${noun} ${shapes.join(' and ')})`)
}

/** Throws E_SHAPE unless all inputs are float32. */
export function expectFloat(op: OpName, inputs: readonly SymbolicTensor[]): void {
  const other = inputs.find(({ dtype }) => dtype !== 'float32')
  if (other) throw shapeError(op, inputs, `takes float32, but got ${other.dtype}; use cast`)
}

/** Throws E_SHAPE unless `x` has this rank. */
export function expectRank(
  op: OpName,
  inputs: readonly SymbolicTensor[],
  position: number,
  rank: number,
): void {
  const actual = inputs[position]?.shape.length
  if (actual !== rank)
    throw shapeError(op, inputs, `input ${position} must have rank ${rank}, but has rank ${actual}`)
}

/** The common shape of two operands by NumPy's rule: sizes are equal, or one of them is 1 or missing. */
export function broadcastShapes(op: OpName, inputs: readonly SymbolicTensor[]): Shape {
  return inputs
    .map(({ shape }) => shape)
    .reduce((a, b) => {
      const rank = Math.max(a.length, b.length)
      return Array.from({ length: rank }, (_, axis) => {
        const sizeA = a[axis - rank + a.length] ?? 1
        const sizeB = b[axis - rank + b.length] ?? 1
        if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
          throw shapeError(op, inputs, `the operands do not broadcast: axis ${axis} is ${sizeA} and ${sizeB}`)
        }
        return sizeA === 1 ? sizeB : sizeA
      })
    })
}

/** Resolves negative axes and checks the range; the result is sorted, each axis once. */
export function normalizeAxes(op: OpName, x: SymbolicTensor, axes: readonly number[]): readonly number[] {
  const rank = x.shape.length
  const resolved = axes.map((axis) => {
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
      throw shapeError(op, [x], `axis ${axis} is outside of rank ${rank}`)
    }
    return axis < 0 ? axis + rank : axis
  })
  return [...new Set(resolved)].sort((a, b) => a - b)
}
