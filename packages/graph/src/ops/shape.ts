import { applySingle, formatShape, type Shape, type SymbolicTensor, sameShape, sizeOf } from '../tensor.js'
import type { Pair, ResizeCoordinates } from './attributes.js'
import { expectFloat, expectRank, normalizeAxes, shapeError } from './checks.js'

/** The same values, row-major, in another shape; one size may be −1. */
export function reshape(x: SymbolicTensor, shape: Shape): SymbolicTensor {
  const known = shape.filter((size) => size !== -1)
  const resolved = shape.map((size) => (size === -1 ? sizeOf(x.shape) / sizeOf(known) : size))
  if (
    shape.length - known.length > 1 ||
    sizeOf(resolved) !== sizeOf(x.shape) ||
    !resolved.every(Number.isInteger)
  ) {
    throw shapeError('reshape', [x], `cannot take the shape ${formatShape(shape)}`)
  }
  return sameShape(resolved, x.shape)
    ? x
    : applySingle('reshape', [x], { shape: resolved }, resolved, x.dtype)
}

/** All axes but the first in one, in channel-first order as PyTorch flattens: `[n, h, w, c]` → `[n, c·h·w]`. */
export function flatten(x: SymbolicTensor): SymbolicTensor {
  const channelsFirst = x.shape.length === 4 ? transpose(x, [0, 3, 1, 2]) : x
  return reshape(channelsFirst, [x.shape[0] ?? 1, -1])
}

/** Reorders axes: axis `i` of the result is axis `permutation[i]` of x. */
export function transpose(x: SymbolicTensor, permutation: readonly number[]): SymbolicTensor {
  const valid =
    permutation.length === x.shape.length && x.shape.every((_, axis) => permutation.includes(axis))
  if (!valid) throw shapeError('transpose', [x], `[${permutation.join(',')}] is not an order of its axes`)
  const shape = permutation.map((axis) => x.shape[axis] as number)
  return applySingle('transpose', [x], { permutation }, shape, x.dtype)
}

/** Repeats x along axes of size 1 or missing leading axes. */
export function broadcastTo(x: SymbolicTensor, shape: Shape): SymbolicTensor {
  if (sameShape(x.shape, shape)) return x
  const leading = shape.length - x.shape.length
  if (leading < 0 || !x.shape.every((size, axis) => size === 1 || size === shape[axis + leading])) {
    throw shapeError('broadcastTo', [x], `cannot be repeated to ${formatShape(shape)}`)
  }
  return applySingle('broadcastTo', [x], { shape }, shape, x.dtype)
}

/** Joins tensors along an axis, the last by default: dense connections and Inception's branches. */
export function concat(tensors: readonly SymbolicTensor[], axis = -1): SymbolicTensor {
  const [first] = tensors
  if (!first) throw shapeError('concat', tensors, 'needs at least one tensor')
  if (tensors.length === 1) return first
  const [at = 0] = normalizeAxes('concat', first, [axis])
  const others = (shape: Shape) => shape.filter((_, i) => i !== at)
  for (const { shape, dtype } of tensors) {
    if (!sameShape(others(shape), others(first.shape)) || dtype !== first.dtype) {
      throw shapeError('concat', tensors, `all axes but ${at}, and the dtypes, must agree`)
    }
  }
  const total = tensors.reduce((size, { shape }) => size + (shape[at] ?? 0), 0)
  return applySingle('concat', tensors, { axis: at }, first.shape.with(at, total), first.dtype)
}

/** `sizes[i]` elements of axis `i` from `starts[i]` on, every `strides[i]`-th one. */
export function slice(
  x: SymbolicTensor,
  starts: readonly number[],
  sizes: readonly number[],
  strides: readonly number[] = sizes.map(() => 1),
): SymbolicTensor {
  const fits = x.shape.every((size, axis) => {
    const [start = -1, count = 0, stride = 0] = [starts[axis], sizes[axis], strides[axis]]
    return start >= 0 && count > 0 && stride > 0 && start + (count - 1) * stride < size
  })
  if (!fits || starts.length !== x.shape.length || sizes.length !== x.shape.length) {
    const asked = `from [${starts.join(',')}], sizes [${sizes.join(',')}], strides [${strides.join(',')}]`
    throw shapeError('slice', [x], `${asked} leaves the tensor`)
  }
  return applySingle('slice', [x], { starts, sizes, strides }, sizes, x.dtype)
}

/** Gradient of {@link slice}: zeros of `inputShape` with dy where the slice read. */
export function sliceGradient(
  dy: SymbolicTensor,
  inputShape: Shape,
  starts: readonly number[],
  strides: readonly number[],
): SymbolicTensor {
  return applySingle('sliceGradient', [dy], { starts, strides, inputShape }, inputShape)
}

/** Surrounds x with a constant: `before[i]` and `after[i]` elements along axis `i`. */
export function pad(
  x: SymbolicTensor,
  before: readonly number[],
  after: readonly number[],
  value = 0,
): SymbolicTensor {
  const rank = x.shape.length
  if (before.length !== rank || after.length !== rank || [...before, ...after].some((size) => size < 0)) {
    throw shapeError(
      'pad',
      [x],
      `needs ${rank} non-negative sizes before and after, got [${before.join(',')}] and [${after.join(',')}]`,
    )
  }
  const shape = x.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0))
  return applySingle('pad', [x], { before, after, value }, shape, x.dtype)
}

/** Bilinear resampling, not antialiased: `[n, h, w, c]` → `[n, size[0], size[1], c]`. */
export function resizeBilinear(
  x: SymbolicTensor,
  size: Pair,
  coordinates: ResizeCoordinates = 'half-pixel',
): SymbolicTensor {
  expectFloat('resizeBilinear', [x])
  expectRank('resizeBilinear', [x], 0, 4)
  if (!size.every((side) => Number.isInteger(side) && side > 0)) {
    throw shapeError('resizeBilinear', [x], `the new size must be two positive integers, but is [${size}]`)
  }
  const [n = 0, , , c = 0] = x.shape
  return applySingle('resizeBilinear', [x], { size, coordinates }, [n, size[0], size[1], c])
}

/** Gradient of {@link resizeBilinear}: dy `[n, h', w', c]` → `[n, inputSize[0], inputSize[1], c]`. */
export function resizeBilinearGradient(
  dy: SymbolicTensor,
  inputSize: Pair,
  coordinates: ResizeCoordinates,
): SymbolicTensor {
  const [n = 0, , , c = 0] = dy.shape
  return applySingle('resizeBilinearGradient', [dy], { inputSize, coordinates }, [
    n,
    inputSize[0],
    inputSize[1],
    c,
  ])
}

/** int32 labels `[n]` → float32 `[n, depth]`; a label outside of `0 … depth − 1` gives a row of zeros. */
export function oneHot(labels: SymbolicTensor, depth: number): SymbolicTensor {
  if (labels.dtype !== 'int32')
    throw shapeError('oneHot', [labels], `labels must be int32, but are ${labels.dtype}`)
  return applySingle('oneHot', [labels], { depth }, [...labels.shape, depth])
}
