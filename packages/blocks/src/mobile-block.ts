import { heNormal, type Scope, zeros } from '@convkit/core'
import { add, type PaddingOption, type SymbolicTensor } from '@convkit/graph'
import type { Activation } from './activation.js'
import type { BatchNormOptions } from './batch-norm.js'
import { convNormAct } from './conv-norm-act.js'
import { dropPath } from './dropout.js'
import { roundChannels } from './round-channels.js'
import type { SqueezeExciteOptions } from './squeeze-excite.js'

/** What a mobile network asks of its block, whoever wrote it: plain data. */
export interface MobileBlockOptions {
  /** Output channels. */
  readonly filters: number
  /** Of the depthwise convolution; 3 by default. */
  readonly kernelSize?: number
  /** Of the depthwise convolution; 1 by default. */
  readonly strides?: number
  /** Channels of an inverted residual's depthwise convolution for each of its input; 6 by default. */
  readonly expansion?: number
  /** ReLU6 by default. */
  readonly activation?: Activation
  /** Attention after the depthwise convolution; none by default. */
  readonly squeezeExcite?: MobileSqueezeExcite
  /**
   * Whether the last convolution is linear and the input is added where shapes agree, as from MobileNet v2 on; true by
   * default. False is MobileNet v1's block, whose last convolution has an activation.
   */
  readonly residual?: boolean
  /** Of every convolution; PyTorch's symmetric rule by default. */
  readonly padding?: PaddingOption
  /** Of a depthwise convolution that strides; `padding` by default. */
  readonly stridedPadding?: PaddingOption
  readonly norm?: BatchNormOptions
  /** Probability of skipping the block in training; 0 by default. */
  readonly dropPathRate?: number
}

/** Squeeze-and-excitation of a mobile block. */
export interface MobileSqueezeExcite extends Pick<SqueezeExciteOptions, 'activation' | 'gate'> {
  /** Registered name of the block, which gets {@link SqueezeExciteOptions}; `squeeze-excite` by default. */
  readonly block?: string
  /** Channels of its bottleneck as a share of others. */
  readonly ratio: number
  /** Whose channels: those of the block's `input` (EfficientNet), the default, or the `depthwise` ones (MobileNet v3). */
  readonly of?: 'input' | 'depthwise'
}

type Names = readonly [convolution: string, norm: string]

/** 1×1 convolution, batch-norm, activation: `[n, h, w, c]` → `[n, h, w, filters]`. */
export function pointwise(
  net: Scope,
  x: SymbolicTensor,
  names: Names,
  filters: number,
  activation: Activation,
  { norm, padding }: MobileBlockOptions,
): SymbolicTensor {
  return convNormAct(net, x, { filters, kernelSize: 1, activation, norm, padding, names })
}

/** A convolution of each channel by itself, batch-norm, activation: `[n, h, w, c]` → `[n, h / strides, w / strides, c]`. */
export function depthwise(
  net: Scope,
  x: SymbolicTensor,
  names: Names,
  { kernelSize = 3, strides = 1, activation = 'relu6', norm, ...options }: MobileBlockOptions,
): SymbolicTensor {
  const padding = strides > 1 ? (options.stridedPadding ?? options.padding) : options.padding
  const filters = x.shape.at(-1) ?? 0
  // The fan-out of one group, which is its fan-in: timm starts grouped convolutions by that.
  const initializer = heNormal('fan-in')
  const convolution = { filters, groups: filters, kernelSize, strides, padding, initializer }
  return convNormAct(net, x, { ...convolution, activation, norm, names })
}

/** Attention `se`, if the block has any: `[n, h, w, c]` → `[n, h, w, c]`. `inputs` are the block's input channels. */
export function attend(
  net: Scope,
  x: SymbolicTensor,
  inputs: number,
  { squeezeExcite, activation = 'relu6' }: MobileBlockOptions,
): SymbolicTensor {
  if (!squeezeExcite) return x
  const { block = 'squeeze-excite', ratio, of = 'input', ...options } = squeezeExcite
  const filters = of === 'input' ? Math.round(ratio * inputs) : roundChannels(ratio * (x.shape.at(-1) ?? 0))
  return net.block(block)(net.scope('se'), x, {
    activation,
    ...options,
    filters,
    names: ['conv_reduce', 'conv_expand'],
    initializer: heNormal(),
    biasInitializer: zeros,
  } satisfies SqueezeExciteOptions)
}

/** Adds the block's input after stochastic depth, where nothing has changed its shape. */
export function addInput(
  net: Scope,
  x: SymbolicTensor,
  branch: SymbolicTensor,
  { strides = 1, residual = true, dropPathRate }: MobileBlockOptions,
): SymbolicTensor {
  if (!residual || strides !== 1 || x.shape.at(-1) !== branch.shape.at(-1)) return branch
  return add(dropPath(net.scope('drop_path'), branch, { rate: dropPathRate }), x)
}
