import { type Branches, classifier, inception } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, torchDefault } from '@convkit/core'
import { inceptionPreprocessing } from './preprocessing.js'
import { convolutions, reduce, same, valid } from './steps.js'
import { inceptionV4Variants as variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof inceptionV4> {}
}

/** What makes an Inception v4. */
export interface InceptionV4Config {
  /** Modules of each stage after the first three convolutions. The output of a stage is a feature. */
  readonly stages: readonly (readonly Branches[])[]
  /** Dropout before the classifier; 0 by default, as timm's (the paper's is 0.2). */
  readonly dropRate?: number
}

const convolution = { norm: { epsilon: 1e-3 }, initializer: torchDefault }
const opening = { 0: reduce(32), 1: valid(32, 3), 2: same(64, 3) }

/**
 * Inception v4 (Szegedy et al. 2017, "Inception-v4, Inception-ResNet and the impact of residual connections on
 * learning"), with timm's names and first values: layers and modules are numbered in one sequence, `features.0`, ….
 */
export const inceptionV4 = defineArchitecture<InceptionV4Config, keyof typeof variants>({
  name: 'inception-v4',
  source: 'https://arxiv.org/abs/1602.07261',
  variants,
  preprocessing: inceptionPreprocessing,
  firstConvolution: 'features.0.conv',
  classifier: 'last_linear',
  build(net, image, { stages, dropRate }) {
    const features = net.scope('features')
    let x = net.feature('features.2', convolutions(features, image, opening, convolution)) // [n, 147, 147, 64]
    let index = 3
    for (const stage of stages) {
      for (const branches of stage) x = inception(features.scope(index++), x, { branches, convolution })
      net.feature(`features.${index - 1}`, x)
    }
    return classifier(net, x, { name: 'last_linear', dropRate }) // of [n, 8, 8, 1536]
  },
})
