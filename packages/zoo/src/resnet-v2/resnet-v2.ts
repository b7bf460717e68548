import {
  batchNorm,
  conv2d,
  dropout,
  globalPool,
  type HiddenLayer,
  hiddenLayers,
  type ResidualBlockName,
  type ResidualBlockOptions,
  type ResidualStagesOptions,
  residualStages,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, normal, type Scope } from '@convkit/core'
import { flatten, maxPool2d, pad, relu, type SymbolicTensor } from '@convkit/graph'
import { preprocessing, variantPreprocessing, variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof resnetV2> {}
}

/** What makes a pre-activation residual network. */
export interface ResNetV2Config
  extends Pick<
      ResidualBlockOptions,
      'cardinality' | 'baseWidth' | 'attention' | 'bias' | 'norm' | 'zeroInitLast' | 'dropPathRate'
    >,
    Pick<ResidualStagesOptions, 'downsampling'> {
  /** Registered name of the residual block. */
  readonly block: ResidualBlockName
  /** Blocks in each of the four stages. */
  readonly layers: readonly number[]
  /** Whether the stem's pool is padded with zeros, as Keras's, and not −∞; false by default. */
  readonly zeroPadPool?: boolean
  /** Dense layers between the pooled features and the classifier; none by default. */
  readonly hidden?: readonly HiddenLayer[]
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/**
 * Residual networks with pre-activation (He et al. 2016, "Identity Mappings in Deep Residual Networks"), called ResNet
 * v2. The variants `resnetv2_50` and so on are timm's, with its names and initial values; `resnet50_v2` and so on are
 * Keras's: the last block of a stage strides, and convolutions without a batch-norm after them have a bias.
 */
export const resnetV2 = defineArchitecture<ResNetV2Config, keyof typeof variants>({
  name: 'resnet-v2',
  source: 'https://arxiv.org/abs/1603.05027',
  variants,
  preprocessing,
  variantPreprocessing,
  firstConvolution: 'stem.conv',
  classifier: 'head.fc',
  build(net, image, { zeroPadPool, hidden, dropRate, ...stages }) {
    const { bias, norm } = stages
    const layout = { filters: 64, naming: 'stages.0.blocks.0' } as const
    const pooled = stem(net.scope('stem'), image, { bias, zeroPadPool }) // [n, h/4, w/4, 64]
    const x = residualStages(net, pooled, { ...stages, ...layout }) // [n, h/32, w/32, c]
    return head(net.scope('head'), relu(batchNorm(net.scope('norm'), x, norm)), { hidden, dropRate })
  },
})

/** 7×7 convolution without activation and pool: `[n, h, w, c]` → `[n, h/4, w/4, 64]`. */
function stem(
  net: Scope,
  image: SymbolicTensor,
  { bias, zeroPadPool = false }: Pick<ResNetV2Config, 'bias' | 'zeroPadPool'>,
): SymbolicTensor {
  const conv = net.scope('conv')
  const x = net.feature(conv.path, conv2d(conv, image, { filters: 64, kernelSize: 7, strides: 2, bias }))
  const pool = { size: 3, strides: 2 }
  return zeroPadPool
    ? maxPool2d(pad(x, [0, 1, 1, 0], [0, 1, 1, 0]), pool)
    : maxPool2d(x, { ...pool, padding: 1 })
}

/** As `classifier`, but `fc` is a 1×1 convolution in timm: `[n, h, w, c]` → `[n, classes]`. */
function head(
  net: Scope,
  x: SymbolicTensor,
  { hidden, dropRate }: Pick<ResNetV2Config, 'hidden' | 'dropRate'>,
): SymbolicTensor {
  const pooled = hiddenLayers(net, globalPool(net, x, { keepDims: true }), hidden) // [n, 1, 1, c]
  const features = dropout(net.scope('drop'), pooled, { rate: dropRate })
  const layer = { filters: net.classes, kernelSize: 1, bias: true, initializer: normal(0.01) }
  const y = net.classes === 0 ? features : conv2d(net.scope('fc'), features, layer)
  return net.fullyConvolutional ? y : flatten(y)
}
