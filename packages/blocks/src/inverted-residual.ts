import type { Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { addInput, attend, depthwise, type MobileBlockOptions, pointwise } from './mobile-block.js'
import { roundChannels } from './round-channels.js'

/**
 * Inverted residual with a linear bottleneck (Sandler et al. 2018, MobileNet v2), also called MBConv: 1×1 expansion,
 * depthwise convolution, 1×1 projection, `[n, h, w, c]` → `[n, h / strides, w / strides, filters]`. Names are timm's:
 * `conv_pw`, `bn1`, `conv_dw`, `bn2`, `se`, `conv_pwl`, `bn3`.
 */
export function invertedResidual(net: Scope, x: SymbolicTensor, options: MobileBlockOptions): SymbolicTensor {
  const { filters, expansion = 6, activation = 'relu6', residual = true } = options
  const inputs = x.shape.at(-1) ?? 0
  const expanded = pointwise(
    net,
    x,
    ['conv_pw', 'bn1'],
    roundChannels(inputs * expansion),
    activation,
    options,
  )
  const spatial = depthwise(net, expanded, ['conv_dw', 'bn2'], options)
  const attended = attend(net, spatial, inputs, options)
  const last = residual ? 'none' : activation
  return addInput(net, x, pointwise(net, attended, ['conv_pwl', 'bn3'], filters, last, options), options)
}
