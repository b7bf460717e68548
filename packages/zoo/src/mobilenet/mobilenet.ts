import { type ConfigsOf, defineArchitecture } from '@convkit/core'
import { type MobileNetConfig, mobileNetwork } from './mobile-network.js'
import { v1Preprocessing, v1Variants, v2Variants, v3Preprocessing, v3Variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs
    extends ConfigsOf<typeof mobilenetV1>,
      ConfigsOf<typeof mobilenetV2>,
      ConfigsOf<typeof mobilenetV3> {}
}

const layers = { firstConvolution: 'conv_stem', classifier: 'classifier', build: mobileNetwork }

/**
 * MobileNet v1 (Howard et al. 2017, "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
 * Applications"): depthwise-separable convolutions one after another. Variants are named by their width multiplier in
 * hundredths; `h` has a last convolution.
 */
export const mobilenetV1 = defineArchitecture<MobileNetConfig, keyof typeof v1Variants>({
  ...layers,
  name: 'mobilenetv1',
  source: 'https://arxiv.org/abs/1704.04861',
  variants: v1Variants,
  preprocessing: { interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  variantPreprocessing: v1Preprocessing,
})

/**
 * MobileNet v2 (Sandler et al. 2018, "MobileNetV2: Inverted Residuals and Linear Bottlenecks"): narrow maps between
 * blocks, wide depthwise convolutions inside. `d` is deeper.
 */
export const mobilenetV2 = defineArchitecture<MobileNetConfig, keyof typeof v2Variants>({
  ...layers,
  name: 'mobilenetv2',
  source: 'https://arxiv.org/abs/1801.04381',
  variants: v2Variants,
  preprocessing: { interpolation: 'bicubic' },
})

/**
 * MobileNet v3 (Howard et al. 2019, "Searching for MobileNetV3"): found by search, with squeeze-and-excitation,
 * hard-swish and the last convolution after the pool. `tf_` variants compute what TensorFlow's weights were trained for.
 */
export const mobilenetV3 = defineArchitecture<MobileNetConfig, keyof typeof v3Variants>({
  ...layers,
  name: 'mobilenetv3',
  source: 'https://arxiv.org/abs/1905.02244',
  variants: v3Variants,
  preprocessing: { interpolation: 'bicubic' },
  variantPreprocessing: v3Preprocessing,
})
