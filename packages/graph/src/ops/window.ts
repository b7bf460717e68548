import type { Shape, SymbolicTensor } from '../tensor.js'
import type { Conv2dAttributes, OpName, Padding2d, Pair, Pool2dAttributes } from './attributes.js'
import { shapeError } from './checks.js'

/** One number for both axes, or `[height, width]`. */
export type PairOption = number | Pair

/**
 * A number for all four sides, `[vertical, horizontal]`, `[top, bottom, left, right]`, `'valid'` (none), or
 * `'same'`: TensorFlow's rule, output `ceil(size / stride)`, the odd pixel on bottom and right.
 */
export type PaddingOption = number | Pair | Padding2d | 'same' | 'valid'

export function toPair(option: PairOption): Pair {
  return typeof option === 'number' ? [option, option] : option
}

/** Resolves a padding option for an input `[n, h, w, c]` to explicit pixels. */
export function toPadding(
  option: PaddingOption,
  size: Pair,
  kernel: Pair,
  strides: Pair,
  dilations: Pair,
): Padding2d {
  if (option === 'valid') return [0, 0, 0, 0]
  if (option === 'same') {
    return [
      ...sameAxis(size[0], kernel[0], strides[0], dilations[0]),
      ...sameAxis(size[1], kernel[1], strides[1], dilations[1]),
    ]
  }
  if (typeof option === 'number') return [option, option, option, option]
  return isPair(option) ? [option[0], option[0], option[1], option[1]] : option
}

function sameAxis(size: number, kernel: number, stride: number, dilation: number): Pair {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
  const before = Math.floor(total / 2)
  return [before, total - before]
}

const isPair = (option: Pair | Padding2d): option is Pair => option.length === 2

/** Output height and width of a sliding window over `[n, h, w, c]`; E_SHAPE when the window does not fit. */
export function slidingSize(
  op: OpName,
  inputs: readonly SymbolicTensor[],
  kernel: Pair,
  {
    strides,
    padding,
    dilations = [1, 1],
    ceilMode = false,
  }: {
    strides: Pair
    padding: Padding2d
    dilations?: Pair
    ceilMode?: boolean
  },
): Pair {
  const [, height = 0, width = 0] = inputs[0]?.shape ?? []
  const counts = [...kernel, ...strides, ...dilations]
  if (
    ![...counts, ...padding].every(Number.isInteger) ||
    Math.min(...counts) < 1 ||
    Math.min(...padding) < 0
  ) {
    const received = `strides ${strides}, dilations ${dilations}, padding ${padding}`
    throw shapeError(
      op,
      inputs,
      `strides and dilations must be positive integers, padding not negative: got ${received}`,
    )
  }
  const axis = (size: number, k: number, stride: number, dilation: number, before: number, after: number) => {
    const steps = (size + before + after - dilation * (k - 1) - 1) / stride
    const out = 1 + (ceilMode ? Math.ceil(steps) : Math.floor(steps))
    if (out < 1) {
      const window = kernel.join('×')
      throw shapeError(op, inputs, `the ${window} window does not fit a padded input of ${height}×${width}`)
    }
    // The last window must start inside the input or its leading padding, as in PyTorch.
    return ceilMode && (out - 1) * stride >= size + before ? out - 1 : out
  }
  return [
    axis(height, kernel[0], strides[0], dilations[0], padding[0], padding[1]),
    axis(width, kernel[1], strides[1], dilations[1], padding[2], padding[3]),
  ]
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

/**
 * Whether a convolution sees each image in one window, and so is a dense layer: the first wide layer of a VGG, and any
 * 1×1 convolution of a 1×1 image.
 *
 * @param image `[n, h, w, c]`
 * @param filter `[out, in / groups, kh, kw]`
 */
export function isDenseConvolution(
  image: Shape,
  filter: Shape,
  { groups, padding }: Conv2dAttributes,
): boolean {
  return (
    groups === 1 && image[1] === filter[2] && image[2] === filter[3] && padding.every((size) => size === 0)
  )
}
