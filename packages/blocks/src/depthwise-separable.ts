import type { Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { addInput, attend, depthwise, type MobileBlockOptions, pointwise } from './mobile-block.js'

/**
 * Depthwise-separable convolution (Howard et al. 2017, MobileNet v1; the first block of its successors):
 * `[n, h, w, c]` → `[n, h / strides, w / strides, filters]`. Names are timm's: `conv_dw`, `bn1`, `se`, `conv_pw`, `bn2`.
 */
export function depthwiseSeparable(
  net: Scope,
  x: SymbolicTensor,
  options: MobileBlockOptions,
): SymbolicTensor {
  const { filters, activation = 'relu6', residual = true } = options
  const spatial = depthwise(net, x, ['conv_dw', 'bn1'], options)
  const attended = attend(net, spatial, x.shape.at(-1) ?? 0, options)
  const last = residual ? 'none' : activation
  return addInput(net, x, pointwise(net, attended, ['conv_pw', 'bn2'], filters, last, options), options)
}
