import { constantValue, normal, type Scope, zeros } from '@convkit/core'
import { add, multiply, type SymbolicTensor } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { conv2d } from './conv2d.js'
import { dense } from './dense.js'
import { dropPath } from './dropout.js'
import { type LayerNormOptions, layerNorm } from './layer-norm.js'

/** What a ConvNeXt asks of its block, whoever wrote it: plain data. */
export interface ConvNeXtBlockOptions {
  /** Of the depthwise convolution; 7 by default. */
  readonly kernelSize?: number
  /** Channels of the hidden layer for each of the block's; 4 by default. */
  readonly expansion?: number
  /** GELU by default. */
  readonly activation?: Activation
  readonly norm?: LayerNormOptions
  /** First value of the layer scale (Touvron et al. 2021); 1e-6 by default. */
  readonly layerScale?: number
  /** Whether the hidden layers' weights are 1×1 filters, as in timm's small variants; false by default. The sums are the same. */
  readonly convMlp?: boolean
  /** Probability of skipping the block in training; 0 by default. */
  readonly dropPathRate?: number
}

/** How every ConvNeXt layer starts. */
export const convnextInitializers = { initializer: normal(0.02), biasInitializer: zeros }

/**
 * ConvNeXt's block (Liu et al. 2022): depthwise convolution, layer-norm, a hidden layer of four times the channels, layer
 * scale, the input added: `[n, h, w, c]` → `[n, h, w, c]`. Names are timm's: `gamma`, `conv_dw`, `norm`, `mlp.fc1`,
 * `mlp.fc2`.
 */
export function convnextBlock(
  net: Scope,
  x: SymbolicTensor,
  options: ConvNeXtBlockOptions = {},
): SymbolicTensor {
  const { kernelSize = 7, expansion = 4, activation = 'gelu', layerScale = 1e-6, norm, convMlp } = options
  const channels = x.shape.at(-1) ?? 0
  const scale = net.parameter('gamma', [channels], constantValue(layerScale))
  const layer = (name: string, y: SymbolicTensor, units: number) =>
    convMlp
      ? conv2d(net.scope('mlp').scope(name), y, {
          filters: units,
          kernelSize: 1,
          bias: true,
          ...convnextInitializers,
        })
      : dense(net.scope('mlp').scope(name), y, { units, ...convnextInitializers })

  const depthwise = { filters: channels, groups: channels, kernelSize, bias: true, ...convnextInitializers }
  const spatial = layerNorm(net.scope('norm'), conv2d(net.scope('conv_dw'), x, depthwise), norm)
  const hidden = activate(layer('fc1', spatial, expansion * channels), activation)
  const branch = multiply(layer('fc2', hidden, channels), scale)
  return add(dropPath(net.scope('drop_path'), branch, { rate: options.dropPathRate }), x)
}
