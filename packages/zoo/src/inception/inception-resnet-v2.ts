import { type Branches, classifier, inception, inceptionResidual } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, type Scope, torchDefault } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { inceptionPreprocessing } from './preprocessing.js'
import { convolutions, halve, reduce, same, valid } from './steps.js'
import { inceptionResNetV2Variants as variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof inceptionResNetV2> {}
}

/** One of the three stages. */
export interface InceptionResNetStage {
  /** The module that begins it and sets its channels. */
  readonly entry: Branches
  /** Branches of the residual modules that follow. */
  readonly residual: Branches
  /** How many of them. */
  readonly depth: number
  /** Factor of their branches in the sum. */
  readonly scale: number
}

/** What makes an Inception-ResNet v2. */
export interface InceptionResNetV2Config {
  readonly stages: readonly [InceptionResNetStage, InceptionResNetStage, InceptionResNetStage]
  /** Filters of the last convolution. */
  readonly filters: number
  /** Dropout before the classifier; 0 by default, as timm's (the paper's is 0.2). */
  readonly dropRate?: number
}

const convolution = { norm: { epsilon: 1e-3 }, initializer: torchDefault }

/**
 * Inception-ResNet v2 (Szegedy et al. 2017, "Inception-v4, Inception-ResNet and the impact of residual connections on
 * learning"), with timm's names and first values.
 */
export const inceptionResNetV2 = defineArchitecture<InceptionResNetV2Config, keyof typeof variants>({
  name: 'inception-resnet-v2',
  source: 'https://arxiv.org/abs/1602.07261',
  variants,
  preprocessing: { ...inceptionPreprocessing, cropPct: 0.8975 },
  firstConvolution: 'conv2d_1a.conv',
  classifier: 'classif',
  build(net, image, { stages, filters, dropRate }) {
    const [stage5, stage6, stage7] = stages
    const x5 = net.feature('repeat', residualStage(net, stem(net, image), 'mixed_5b', 'repeat', stage5))
    const x6 = net.feature('repeat_1', residualStage(net, x5, 'mixed_6a', 'repeat_1', stage6))
    const x7 = residualStage(net, x6, 'mixed_7a', 'repeat_2', stage7) // [n, 8, 8, 2080] of 299×299 pixels
    // The last module is not scaled and has no activation.
    const branches = stage7.residual
    const last = inceptionResidual(net.scope('block8'), x7, { branches, convolution, activation: 'none' })
    const x = convolutions(net, last, { conv2d_7b: same(filters, 1) }, convolution)
    return classifier(net, net.feature('conv2d_7b', x), { name: 'classif', dropRate })
  },
})

/** `[n, 299, 299, c]` → `[n, 35, 35, 192]` */
function stem(net: Scope, image: SymbolicTensor): SymbolicTensor {
  const opening = { conv2d_1a: reduce(32), conv2d_2a: valid(32, 3), conv2d_2b: same(64, 3) }
  const opened = net.feature('conv2d_2b', convolutions(net, image, opening, convolution))
  const rest = { conv2d_3b: same(80, 1), conv2d_4a: valid(192, 3) }
  return halve(net.feature('conv2d_4a', convolutions(net, halve(opened), rest, convolution)))
}

function residualStage(
  net: Scope,
  x: SymbolicTensor,
  entryName: string,
  name: string,
  { entry, residual, depth, scale }: InceptionResNetStage,
): SymbolicTensor {
  const options = { branches: residual, convolution, scale }
  let y = inception(net.scope(entryName), x, { branches: entry, convolution })
  for (let index = 0; index < depth; index++) {
    y = inceptionResidual(net.scope(name).scope(index), y, options)
  }
  return y
}
