import {
  batchNorm,
  classifier,
  conv2d,
  type ResidualBlockName,
  type ResidualBlockOptions,
  residualStages,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, zeros } from '@convkit/core'
import { relu } from '@convkit/graph'
import { cifarPreprocessing } from '../cifar.js'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof wideResnetCifar> {}
}

/** What makes a wide residual network. */
export interface WideResNetConfig
  extends Pick<ResidualBlockOptions, 'attention' | 'zeroInitLast' | 'dropPathRate'> {
  /** Registered name of the residual block; `preact-basic` by default. */
  readonly block?: ResidualBlockName
  /** Blocks in each of the three stages. */
  readonly layers: readonly number[]
  /** Multiplies the stages' 16, 32 and 64 filters. */
  readonly width: number
  /** Dropout between a block's two convolutions; 0 by default (the paper also has 0.3). */
  readonly blockDropRate?: number
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/** Wide residual networks for CIFAR (Zagoruyko and Komodakis 2016), with the layout of timm's ResNet v2. */
export const wideResnetCifar = defineArchitecture<WideResNetConfig, keyof typeof variants>({
  name: 'wide-resnet-cifar',
  classes: 10,
  source: 'https://arxiv.org/abs/1605.07146',
  variants,
  preprocessing: cifarPreprocessing,
  firstConvolution: 'stem.conv',
  classifier: 'head.fc',
  build(net, image, { block = 'preact-basic', width, blockDropRate, dropRate, ...stages }) {
    const conv = net.scope('stem').scope('conv')
    const stem = net.feature(conv.path, conv2d(conv, image, { filters: 16, kernelSize: 3 })) // [n, h, w, 16]
    const options = { ...stages, block, filters: 16 * width, dropRate: blockDropRate }
    const x = residualStages(net, stem, { ...options, naming: 'stages.0.blocks.0' }) // [n, h/4, w/4, 64 · width]
    const active = relu(batchNorm(net.scope('norm'), x))
    return classifier(net.scope('head'), active, { dropRate, biasInitializer: zeros })
  },
})
