import type { Padding2d, Pair } from '@convkit/graph'
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
