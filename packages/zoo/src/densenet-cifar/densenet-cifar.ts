import { conv2d } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, heNormal, type Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { cifarPreprocessing } from '../cifar.js'
import { buildDenseNet, type DenseNetConfig } from '../densenet/densenet.js'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof densenetCifar> {}
}

/**
 * Densely connected networks for CIFAR, DenseNet-BC (Huang et al. 2017, section 4): a stem of one 3×3 convolution and
 * three dense blocks. Without augmentation the paper drops 20 % of what each layer adds (`layerDropRate: 0.2`).
 */
export const densenetCifar = defineArchitecture<DenseNetConfig, keyof typeof variants>({
  name: 'densenet-cifar',
  classes: 10,
  source: 'https://arxiv.org/abs/1608.06993',
  variants,
  preprocessing: cifarPreprocessing,
  firstConvolution: 'features.conv0',
  classifier: 'classifier',
  build: (net, image, config) => buildDenseNet(net, image, config, stem),
})

/** `[n, h, w, c]` → `[n, h, w, filters]` */
function stem(net: Scope, image: SymbolicTensor, filters: number): SymbolicTensor {
  const conv0 = net.scope('conv0')
  return net.feature(
    conv0.path,
    conv2d(conv0, image, { filters, kernelSize: 3, initializer: heNormal('fan-in') }),
  )
}
