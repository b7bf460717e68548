import { heNormal, type Scope, zeros } from '@convkit/core'
import { add, conv2d, type SymbolicTensor } from '@convkit/graph'
import { activate } from './activation.js'
import { batchNorm } from './batch-norm.js'
import { type ResidualBlockOptions, subsample } from './residual-block.js'

/** Batch-norm `norm1`, `norm2`, … and activation of a pre-activation block: `[n, h, w, c]` → `[n, h, w, c]`. */
export function normAct(
  net: Scope,
  index: number,
  x: SymbolicTensor,
  { norm, activation = 'relu' }: ResidualBlockOptions,
): SymbolicTensor {
  return activate(batchNorm(net.scope(`norm${index}`), x, norm), activation)
}

/**
 * The shortcut of a pre-activation block, for its `norm1` and activation: x itself, at every `strides`-th pixel, where
 * the channels stay; or else the 1×1 convolution `downsample.conv` of what was activated, as the branch begins.
 */
export function preactShortcut(
  net: Scope,
  x: SymbolicTensor,
  filters: number,
  { strides = 1, bias = false }: ResidualBlockOptions,
): (active: SymbolicTensor) => SymbolicTensor {
  const inputs = x.shape.at(-1) ?? 0
  if (inputs === filters) return () => subsample(x, strides)
  // Made before the branch's parameters, for timm lists them in that order.
  const scope = net.scope('downsample').scope('conv')
  const weight = scope.parameter('weight', [filters, inputs, 1, 1], heNormal())
  const offset = bias ? scope.parameter('bias', [filters], zeros) : undefined
  return (active) => {
    const y = conv2d(active, weight, { strides })
    return offset ? add(y, offset) : y
  }
}
