import type { Padding2d, Pair, Pool2dAttributes, Shape } from '@convkit/graph'
import type { Attributes } from '../saved-model/node.js'

/** Attributes of a window that slides over `[n, h, w, c]`. */
export function windowAttributes({
  strides,
  padding,
}: {
  readonly strides: Pair
  readonly padding: Padding2d
}): Attributes {
  const isPadded = padding.some((pixels) => pixels > 0)
  return {
    strides: [1, ...strides, 1],
    padding: isPadded ? 'EXPLICIT' : 'VALID',
    explicit_paddings: isPadded ? [0, 0, ...padding, 0, 0] : [],
  }
}

/** Padding under which windows in floor mode are those of the pool: `ceilMode` is padding at the end. */
export function explicitPadding(
  { size, strides, padding }: Pool2dAttributes,
  input: Shape,
  output: Shape,
): Padding2d {
  const [top, bottom, left, right] = padding
  const needed = (axis: 0 | 1, before: number) =>
    (output[axis + 1]! - 1) * strides[axis] + size[axis] - before - input[axis + 1]!
  return [top, Math.max(bottom, needed(0, top)), left, Math.max(right, needed(1, left))]
}
