import { ones, type Scope, zeros } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { activate } from './activation.js'
import { batchNorm } from './batch-norm.js'
import { type Conv2dOptions, conv2d } from './conv2d.js'
import { joinShortcut, type ResidualBlockOptions } from './residual-block.js'

/** Output channels of a bottleneck for each of its filters. */
const expansion = 4

/**
 * ResNet's 1×1, 3×3, 1×1 block (He et al. 2016): `[n, h, w, c]` → `[n, h / strides, w / strides, 4 · filters]`. The
 * stride is on the 3×3 convolution, as torchvision and timm have it (ResNet v1.5). Names are timm's: `conv1` … `bn3`,
 * `downsample`.
 *
 * @throws E_SHAPE when the cardinality does not divide the width.
 */
export function bottleneck(net: Scope, x: SymbolicTensor, options: ResidualBlockOptions): SymbolicTensor {
  const { filters, strides, dilation, activation = 'relu', zeroInitLast = true } = options
  const { cardinality = 1, baseWidth = 64 } = options
  const width = Math.floor((filters * baseWidth) / 64) * cardinality
  const normalized = (index: number, y: SymbolicTensor, convolution: Conv2dOptions, initializer = ones) =>
    batchNorm(net.scope(`bn${index}`), conv2d(net.scope(`conv${index}`), y, convolution), { initializer })

  let y = activate(normalized(1, x, { filters: width, kernelSize: 1 }), activation)
  const spatial = { filters: width, kernelSize: 3, strides, dilations: dilation, groups: cardinality }
  y = activate(normalized(2, y, spatial), activation)
  y = normalized(3, y, { filters: expansion * filters, kernelSize: 1 }, zeroInitLast ? zeros : ones)
  return joinShortcut(net, x, y, options)
}
