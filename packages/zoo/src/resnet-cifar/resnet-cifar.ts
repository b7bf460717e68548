import { batchNorm, classifier, conv2d, residualStages } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture } from '@convkit/core'
import { relu } from '@convkit/graph'
import { cifarPreprocessing } from '../cifar.js'
import type { ResNetConfig } from '../resnet/resnet.js'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof resnetCifar> {}
}

/** What makes a residual network for CIFAR: its stem is always a 3×3 convolution. */
export type ResNetCifarConfig = Omit<ResNetConfig, 'stem'>

/**
 * Residual networks for CIFAR (He et al. 2016, section 4.2): 6n + 2 layers, three stages of 16, 32 and 64 filters, and
 * shortcuts without parameters (option A). Last batch-norms start at one, as the paper's.
 */
export const resnetCifar = defineArchitecture<ResNetCifarConfig, keyof typeof variants>({
  name: 'resnet-cifar',
  classes: 10,
  source: 'https://arxiv.org/abs/1512.03385',
  variants,
  preprocessing: cifarPreprocessing,
  firstConvolution: 'conv1',
  classifier: 'fc',
  build: (net, image, { hidden, dropRate, shortcut = 'zero-pad', zeroInitLast = false, ...stages }) => {
    const { bias, norm } = stages
    const stem = conv2d(net.scope('conv1'), image, { filters: 16, kernelSize: 3, bias })
    const active = net.feature('act1', relu(batchNorm(net.scope('bn1'), stem, norm))) // [n, h, w, 16]
    const x = residualStages(net, active, { ...stages, filters: 16, shortcut, zeroInitLast })
    return classifier(net, x, { hidden, dropRate }) // x is [n, h/4, w/4, 64]
  },
})
