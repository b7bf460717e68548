import { ConvkitError, ones, type Scope, zeros } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { activate } from './activation.js'
import { batchNorm } from './batch-norm.js'
import { conv2d } from './conv2d.js'
import { joinShortcut, type ResidualBlockOptions } from './residual-block.js'

/**
 * ResNet's block of two 3×3 convolutions (He et al. 2016): `[n, h, w, c]` → `[n, h / strides, w / strides, filters]`.
 * Names are timm's: `conv1`, `bn1`, `conv2`, `bn2`, `downsample`.
 *
 * @throws E_OPTION when a cardinality or base width is asked for, which only a bottleneck has.
 */
export function basicBlock(net: Scope, x: SymbolicTensor, options: ResidualBlockOptions): SymbolicTensor {
  const { filters, strides, dilation, activation = 'relu', zeroInitLast = true } = options
  const { cardinality = 1, baseWidth = 64 } = options
  if (cardinality !== 1 || baseWidth !== 64) {
    throw new ConvkitError(
      'E_OPTION',
      `basic block at ${net.path}: has one group of base width 64, got cardinality ${cardinality} and baseWidth ${baseWidth}; use the block 'bottleneck'`,
    )
  }
  const kernel = { filters, kernelSize: 3, dilations: dilation }
  const y = activate(
    batchNorm(net.scope('bn1'), conv2d(net.scope('conv1'), x, { ...kernel, strides })),
    activation,
  )
  const branch = batchNorm(net.scope('bn2'), conv2d(net.scope('conv2'), y, kernel), {
    initializer: zeroInitLast ? zeros : ones,
  })
  return joinShortcut(net, x, branch, options)
}
