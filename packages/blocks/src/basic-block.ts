import { ones, type Scope, zeros } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { activate } from './activation.js'
import { batchNorm } from './batch-norm.js'
import { conv2d } from './conv2d.js'
import { expectPlainWidth, joinShortcut, type ResidualBlockOptions } from './residual-block.js'

/**
 * ResNet's block of two 3×3 convolutions (He et al. 2016): `[n, h, w, c]` → `[n, h / strides, w / strides, filters]`.
 * Names are timm's: `conv1`, `bn1`, `conv2`, `bn2`, `se`, `downsample`.
 *
 * @throws E_OPTION when a cardinality or base width is asked for, which only a bottleneck has.
 */
export function basicBlock(net: Scope, x: SymbolicTensor, options: ResidualBlockOptions): SymbolicTensor {
  const { filters, strides, dilation, bias, norm, activation = 'relu', zeroInitLast = true } = options
  expectPlainWidth(net, options, 'bottleneck')
  const kernel = { filters, kernelSize: 3, dilations: dilation, bias }
  const y = activate(
    batchNorm(net.scope('bn1'), conv2d(net.scope('conv1'), x, { ...kernel, strides }), norm),
    activation,
  )
  const branch = batchNorm(net.scope('bn2'), conv2d(net.scope('conv2'), y, kernel), {
    ...norm,
    initializer: zeroInitLast ? zeros : ones,
  })
  return joinShortcut(net, x, branch, options)
}
