import { type ConfigsOf, defineArchitecture } from '@convkit/core'
import { type MobileNetConfig, mobileNetwork } from '../mobilenet/mobile-network.js'
import { variantPreprocessing, variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof efficientnet> {}
}

/**
 * EfficientNet (Tan and Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"): a network of
 * inverted residuals with squeeze-and-excitation, scaled in width, depth and input size together. `tf_` variants compute
 * what TensorFlow's weights were trained for.
 */
export const efficientnet = defineArchitecture<MobileNetConfig, keyof typeof variants>({
  name: 'efficientnet',
  source: 'https://arxiv.org/abs/1905.11946',
  variants,
  preprocessing: { interpolation: 'bicubic' },
  variantPreprocessing,
  firstConvolution: 'conv_stem',
  classifier: 'classifier',
  build: mobileNetwork,
})
