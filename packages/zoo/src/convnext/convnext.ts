import {
  type ConvNeXtBlockName,
  type ConvNeXtBlockOptions,
  classifier,
  conv2d,
  convnextInitializers,
  globalPool,
  layerNorm,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, type Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { variantPreprocessing, variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof convnext> {}
}

/** What makes a ConvNeXt. */
export interface ConvNeXtConfig extends ConvNeXtBlockOptions {
  /** Registered name of the block. */
  readonly block: ConvNeXtBlockName
  /** Blocks in each stage. */
  readonly layers: readonly number[]
  /** Channels of each stage. */
  readonly filters: readonly number[]
  /** Stochastic depth of the last block; it grows linearly from 0 at the first. */
  readonly dropPathRate?: number
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/** ConvNeXt (Liu et al. 2022, "A ConvNet for the 2020s"), with timm's names and first values. */
export const convnext = defineArchitecture<ConvNeXtConfig, keyof typeof variants>({
  name: 'convnext',
  source: 'https://arxiv.org/abs/2201.03545',
  variants,
  preprocessing: { interpolation: 'bicubic' },
  variantPreprocessing,
  firstConvolution: 'stem.0',
  classifier: 'head.fc',
  build(net, image, config) {
    const { norm, dropRate, filters } = config
    const stem = net.scope('stem')
    const patches = patchConvolution(stem.scope(0), image, filters[0], 4)
    const x = stages(net.scope('stages'), layerNorm(stem.scope(1), patches, norm), config) // [n, h/32, w/32, c]
    const head = net.scope('head')
    const features = layerNorm(head.scope('norm'), globalPool(head, x), norm)
    return classifier(head, features, { dropRate, ...convnextInitializers })
  },
})

/** `stages.0`, …: each but the first halves height and width. `[n, h, w, c]` → `[n, h', w', c']` */
function stages(net: Scope, x: SymbolicTensor, config: ConvNeXtConfig): SymbolicTensor {
  const { block, layers, filters, dropPathRate = 0, dropRate: _, ...options } = config
  const convnextBlock = net.block(block)
  const blocks = layers.reduce((total, depth) => total + depth, 0)
  let position = 0
  let y = x
  layers.forEach((depth, index) => {
    const stage = net.scope(index)
    if (index > 0) y = downsample(stage.scope('downsample'), y, filters[index], config)
    for (let i = 0; i < depth; i++) {
      const rate = (dropPathRate * position++) / Math.max(1, blocks - 1)
      const blockOptions: ConvNeXtBlockOptions = { ...options, dropPathRate: rate }
      y = convnextBlock(stage.scope('blocks').scope(i), y, blockOptions)
    }
    net.feature(stage.path, y)
  })
  return y
}

/** `[n, h, w, c]` → `[n, ⌊h/2⌋, ⌊w/2⌋, filters]` */
function downsample(net: Scope, x: SymbolicTensor, filters: number | undefined, { norm }: ConvNeXtConfig) {
  return patchConvolution(net.scope(1), layerNorm(net.scope(0), x, norm), filters, 2)
}

/** A convolution whose windows do not overlap; what is left over on bottom and right is not seen. */
function patchConvolution(net: Scope, x: SymbolicTensor, filters = 0, size = 1): SymbolicTensor {
  const patches = { filters, kernelSize: size, strides: size, padding: 'valid', bias: true } as const
  return conv2d(net, x, { ...patches, ...convnextInitializers })
}
