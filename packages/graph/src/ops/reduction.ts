import { applySingle, type Shape, type SymbolicTensor } from '../tensor.js'
import { expectFloat, normalizeAxes } from './checks.js'

export interface ReductionOptions {
  /** Axes to reduce; all of them by default. Negative axes count from the end. */
  readonly axes?: readonly number[]
  /** Keep reduced axes with size 1. */
  readonly keepDims?: boolean
}

const reduction =
  (op: 'sum' | 'mean') =>
  (
    x: SymbolicTensor,
    { axes = x.shape.map((_, axis) => axis), keepDims = false }: ReductionOptions = {},
  ): SymbolicTensor => {
    expectFloat(op, [x])
    const normalized = normalizeAxes(op, x, axes)
    return applySingle(op, [x], { axes: normalized, keepDims }, reducedShape(x.shape, normalized, keepDims))
  }

/** Sum over axes: `[n, h, w, c]` with axes `[1, 2]` → `[n, c]`. */
export const sum = reduction('sum')
/** Mean over axes: `[n, h, w, c]` with axes `[1, 2]` → `[n, c]`, which is global average pooling. */
export const mean = reduction('mean')

/** Global average pooling: `[n, h, w, c]` → `[n, c]` (Lin et al. 2013, Network in Network). */
export function globalAveragePool(x: SymbolicTensor, { keepDims = false } = {}): SymbolicTensor {
  return mean(x, { axes: [1, 2], keepDims })
}

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  const sizes = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return keepDims ? sizes : sizes.filter((_, axis) => !axes.includes(axis))
}
