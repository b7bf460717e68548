import { batchNorm, classifier, conv2d, residualStages } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture } from '@convkit/core'
import { relu } from '@convkit/graph'
import type { ResNetConfig } from '../resnet/resnet.js'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof resnetCifar> {}
}

/**
 * Residual networks for CIFAR (He et al. 2016, section 4.2): 6n + 2 layers, three stages of 16, 32 and 64 filters, and
 * shortcuts without parameters (option A). Last batch-norms start at one, as the paper's.
 */
export const resnetCifar = defineArchitecture<ResNetConfig, keyof typeof variants>({
  name: 'resnet-cifar',
  classes: 10,
  source: 'https://arxiv.org/abs/1512.03385',
  variants,
  preprocessing: {
    inputSize: [32, 32],
    cropPct: 1,
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
  },
  firstConvolution: 'conv1',
  classifier: 'fc',
  build: (net, image, { dropRate, ...stages }) => {
    const stem = conv2d(net.scope('conv1'), image, { filters: 16, kernelSize: 3 })
    const active = net.feature('act1', relu(batchNorm(net.scope('bn1'), stem))) // [n, h, w, 16]
    const options = { ...stages, filters: 16, shortcut: 'zero-pad', zeroInitLast: false } as const
    return classifier(net, residualStages(net, active, options), { dropRate })
  },
})
