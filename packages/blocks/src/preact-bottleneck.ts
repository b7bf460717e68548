import { heNormal, type Scope, zeros } from '@convkit/core'
import { add, type SymbolicTensor } from '@convkit/graph'
import { bottleneckExpansion, bottleneckWidth } from './bottleneck.js'
import { conv2d } from './conv2d.js'
import { dropout } from './dropout.js'
import { normAct, preactShortcut } from './pre-activation.js'
import { endBranch, type ResidualBlockOptions } from './residual-block.js'

/**
 * ResNet v2's 1×1, 3×3, 1×1 block, in which batch-norm and activation come before each convolution (He et al. 2016,
 * "Identity Mappings in Deep Residual Networks"): `[n, h, w, c]` → `[n, h / strides, w / strides, 4 · filters]`. The 3×3
 * strides. Names are timm's: `downsample.conv`, `norm1`, `conv1`, … `conv3`, and `se`.
 *
 * @throws E_SHAPE when the cardinality does not divide the width.
 */
export function preactBottleneck(
  net: Scope,
  x: SymbolicTensor,
  options: ResidualBlockOptions,
): SymbolicTensor {
  const { filters, strides, dilation, cardinality, bias, dropRate, zeroInitLast = false } = options
  const [width, outputs] = [bottleneckWidth(options), bottleneckExpansion * filters]
  const shortcut = preactShortcut(net, x, outputs, options)
  const active = normAct(net, 1, x, options)
  let y = conv2d(net.scope('conv1'), active, { filters: width, kernelSize: 1 })
  y = conv2d(net.scope('conv2'), normAct(net, 2, y, options), {
    filters: width,
    kernelSize: 3,
    strides,
    dilations: dilation,
    groups: cardinality,
  })
  const dropped = dropout(net.scope('drop'), normAct(net, 3, y, options), { rate: dropRate })
  const initializer = zeroInitLast ? zeros : heNormal()
  const branch = conv2d(net.scope('conv3'), dropped, { filters: outputs, kernelSize: 1, bias, initializer })
  return add(endBranch(net, branch, options), shortcut(active))
}
