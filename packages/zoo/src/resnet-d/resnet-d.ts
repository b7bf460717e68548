import { type ConfigsOf, defineArchitecture } from '@convkit/core'
import { buildResNet, type ResNetConfig } from '../resnet/resnet.js'
import { variantPreprocessing, variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof resnetD> {}
}

/**
 * ResNet-D (He et al. 2019, "Bag of Tricks for Image Classification"), with timm's names, initial values and
 * preprocessing: a ResNet with a stem of three 3×3 convolutions, and average pools in place of strided projections.
 */
export const resnetD = defineArchitecture<ResNetConfig, keyof typeof variants>({
  name: 'resnet-d',
  source: 'https://arxiv.org/abs/1812.01187',
  variants,
  preprocessing: { interpolation: 'bicubic' },
  variantPreprocessing,
  firstConvolution: 'conv1.0',
  classifier: 'fc',
  build: buildResNet,
})
