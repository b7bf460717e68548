import { ones, type Scope, zeros } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { activate } from './activation.js'
import { batchNorm } from './batch-norm.js'
import { type Conv2dOptions, conv2d } from './conv2d.js'
import { joinShortcut, type ResidualBlockOptions } from './residual-block.js'

/** Output channels of a bottleneck for each of its filters. */
export const bottleneckExpansion = 4

/** Channels of a bottleneck's 3×3 convolution. */
export function bottleneckWidth({ filters, cardinality = 1, baseWidth = 64 }: ResidualBlockOptions): number {
  return Math.floor((filters * baseWidth) / 64) * cardinality
}

/**
 * ResNet's 1×1, 3×3, 1×1 block (He et al. 2016): `[n, h, w, c]` → `[n, h / strides, w / strides, 4 · filters]`. The
 * stride is on the 3×3 convolution, as torchvision and timm have it (ResNet v1.5), or with `strideFirst` on the first
 * one, as in the paper and Keras (v1). Names are timm's: `conv1` … `bn3`, `se`, `downsample`.
 *
 * @throws E_SHAPE when the cardinality does not divide the width.
 */
export function bottleneck(net: Scope, x: SymbolicTensor, options: ResidualBlockOptions): SymbolicTensor {
  const { filters, strides = 1, dilation, cardinality, bias, norm } = options
  const { activation = 'relu', zeroInitLast = true, strideFirst = false } = options
  const width = bottleneckWidth(options)
  const [first, second] = strideFirst ? [strides, 1] : [1, strides]
  const normalized = (index: number, y: SymbolicTensor, convolution: Conv2dOptions, initializer = ones) =>
    batchNorm(net.scope(`bn${index}`), conv2d(net.scope(`conv${index}`), y, { ...convolution, bias }), {
      ...norm,
      initializer,
    })

  let y = activate(normalized(1, x, { filters: width, kernelSize: 1, strides: first }), activation)
  const spatial = { filters: width, kernelSize: 3, strides: second, dilations: dilation, groups: cardinality }
  y = activate(normalized(2, y, spatial), activation)
  const outputs = { filters: bottleneckExpansion * filters, kernelSize: 1 }
  return joinShortcut(net, x, normalized(3, y, outputs, zeroInitLast ? zeros : ones), options)
}
