import { heNormal, type Scope, zeros } from '@convkit/core'
import { add, type SymbolicTensor } from '@convkit/graph'
import { conv2d } from './conv2d.js'
import { dropout } from './dropout.js'
import { normAct, preactShortcut } from './pre-activation.js'
import { endBranch, expectPlainWidth, type ResidualBlockOptions } from './residual-block.js'

/**
 * Two 3×3 convolutions, each after its batch-norm and activation (He et al. 2016, "Identity Mappings in Deep Residual
 * Networks"; Wide ResNet's block): `[n, h, w, c]` → `[n, h / strides, w / strides, filters]`. Names are timm's:
 * `downsample.conv`, `norm1`, `conv1`, `norm2`, `conv2`, and `se`.
 *
 * @throws E_OPTION when a cardinality or base width is asked for, which only a bottleneck has.
 */
export function preactBasicBlock(
  net: Scope,
  x: SymbolicTensor,
  options: ResidualBlockOptions,
): SymbolicTensor {
  const { filters, strides, dilation, bias, dropRate, zeroInitLast = false } = options
  expectPlainWidth(net, options, 'preact-bottleneck')
  const shortcut = preactShortcut(net, x, filters, options)
  const kernel = { filters, kernelSize: 3, dilations: dilation }
  const active = normAct(net, 1, x, options)
  const y = normAct(net, 2, conv2d(net.scope('conv1'), active, { ...kernel, strides }), options)
  const dropped = dropout(net.scope('drop'), y, { rate: dropRate })
  const initializer = zeroInitLast ? zeros : heNormal()
  const branch = conv2d(net.scope('conv2'), dropped, { ...kernel, bias, initializer })
  return add(endBranch(net, branch, options), shortcut(active))
}
