import { heNormal, type Initializer, type Scope, zeros } from '@convkit/core'
import {
  add,
  conv2d as convolve,
  type PaddingOption,
  type Pair,
  type PairOption,
  type SymbolicTensor,
  toPair,
} from '@convkit/graph'

export interface Conv2dOptions {
  /** Output channels. */
  readonly filters: number
  readonly kernelSize: PairOption
  readonly strides?: PairOption
  /** By default PyTorch's symmetric rule, `⌊(stride − 1 + dilation · (kernel − 1)) / 2⌋` on every side. */
  readonly padding?: PaddingOption
  readonly dilations?: PairOption
  readonly groups?: number
  /** Whether a learned number a channel is added; false by default, for a batch-norm follows most convolutions. */
  readonly bias?: boolean
  /** He et al. 2015 with fan-out by default. */
  readonly initializer?: Initializer
  /** Zeros by default. */
  readonly biasInitializer?: Initializer
}

/**
 * Convolution layer: `[n, h, w, c]` → `[n, h', w', filters]`, with `weight` `[filters, c / groups, kh, kw]` and, if
 * asked for, `bias` `[filters]`.
 *
 * @throws E_SHAPE when groups do not divide the channels, or the kernel does not fit the padded input.
 */
export function conv2d(net: Scope, x: SymbolicTensor, options: Conv2dOptions): SymbolicTensor {
  const { filters, strides = 1, dilations = 1, groups = 1, bias = false } = options
  const { initializer = heNormal(), biasInitializer = zeros } = options
  const kernel = toPair(options.kernelSize)
  const padding = options.padding ?? symmetricPadding(kernel, toPair(strides), toPair(dilations))
  const inputs = Math.floor((x.shape.at(-1) ?? 0) / groups)
  const weight = net.parameter('weight', [filters, inputs, ...kernel], initializer)
  const y = convolve(x, weight, { strides, padding, dilations, groups })
  return bias ? add(y, net.parameter('bias', [filters], biasInitializer)) : y
}

/** Vertical and horizontal padding that keeps an odd kernel's output at `⌈size / stride⌉`. */
function symmetricPadding(kernel: Pair, strides: Pair, dilations: Pair): Pair {
  const axis = (at: 0 | 1) => Math.floor((strides[at] - 1 + dilations[at] * (kernel[at] - 1)) / 2)
  return [axis(0), axis(1)]
}
