import type { Padding2d, Pair, Shape } from '@convkit/graph'
import type { Attributes } from '../saved-model/node.js'

export interface Window {
  readonly size: Pair
  readonly strides: Pair
  readonly padding: Padding2d
}

/** The padding that windows read; less than none at an end where they leave pixels unread. */
function readPadding({ size, strides, padding }: Window, input: Shape, output: Shape): Padding2d {
  const [top, , left] = padding
  const end = (axis: 0 | 1, before: number) =>
    (output[axis + 1]! - 1) * strides[axis] + size[axis] - before - input[axis + 1]!
  return [top, end(0, top), left, end(1, left)]
}

/** Attributes of a window whose op takes any padding. */
export function windowAttributes({ strides, padding }: Omit<Window, 'size'>): Attributes {
  const isPadded = padding.some((pixels) => pixels > 0)
  return {
    strides: [1, ...strides, 1],
    padding: isPadded ? 'EXPLICIT' : 'VALID',
    ...(isPadded && { explicit_paddings: [0, 0, ...padding, 0, 0] }),
  }
}

/** How an op whose fast kernels take no explicit padding gets a window. */
export interface PaddedWindow {
  readonly attributes: Attributes
  /** What the input is to be padded with before. */
  readonly padding: Padding2d
}

/** A window for ops that have fast kernels only where TensorFlow finds the padding itself, or there is none. */
export function paddedWindow(window: Window, input: Shape, output: Shape): PaddedWindow {
  const [top, bottom, left, right] = readPadding(window, input, output)
  const read: Padding2d = [top, Math.max(bottom, 0), left, Math.max(right, 0)]
  const strides = [1, ...window.strides, 1]
  const isSame = `${samePadding(window, input, output)}` === `${read}`
  return isSame
    ? { attributes: { strides, padding: 'SAME' }, padding: [0, 0, 0, 0] }
    : { attributes: { strides, padding: 'VALID' }, padding: read }
}

/** TensorFlow's own: as little as it takes, the odd pixel on bottom and right; undefined for another output. */
function samePadding({ size, strides }: Window, input: Shape, output: Shape): number[] | undefined {
  const axis = (at: 0 | 1) => {
    const [length, count] = [input[at + 1]!, Math.ceil(input[at + 1]! / strides[at])]
    if (output[at + 1] !== count) return undefined
    const total = Math.max((count - 1) * strides[at] + size[at] - length, 0)
    return [Math.floor(total / 2), Math.ceil(total / 2)]
  }
  const [rows, columns] = [axis(0), axis(1)]
  return rows && columns && [...rows, ...columns]
}
