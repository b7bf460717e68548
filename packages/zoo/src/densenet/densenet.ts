import {
  batchNorm,
  classifier,
  conv2d,
  type DenseNetLayerOptions,
  densenetStages,
  type HiddenLayer,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, heNormal, type Scope, zeros } from '@convkit/core'
import { maxPool2d, relu, type SymbolicTensor } from '@convkit/graph'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof densenet> {}
}

/** What makes a densely connected network. */
export interface DenseNetConfig extends Pick<DenseNetLayerOptions, 'growthRate' | 'bottleneck' | 'norm'> {
  /** Layers in each dense block. */
  readonly layers: readonly number[]
  /** Registered name of the layer; `densenet-layer` by default. */
  readonly block?: 'densenet-layer' | (string & {})
  /** Dropout at the end of each layer; 0 by default. */
  readonly layerDropRate?: number
  /** Dense layers between the pooled features and the classifier; none by default. */
  readonly hidden?: readonly HiddenLayer[]
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/**
 * Densely connected networks, DenseNet-BC (Huang et al. 2017), with the names and initial values that torchvision and
 * timm share.
 */
export const densenet = defineArchitecture<DenseNetConfig, keyof typeof variants>({
  name: 'densenet',
  source: 'https://arxiv.org/abs/1608.06993',
  variants,
  preprocessing: { interpolation: 'bicubic' },
  firstConvolution: 'features.conv0',
  classifier: 'classifier',
  build: (net, image, config) => buildDenseNet(net, image, config, stem),
})

/** A normalised image `[n, h, w, c]` → logits `[n, classes]`; `stem` makes twice the growth rate of channels. */
export function buildDenseNet(
  net: Scope,
  image: SymbolicTensor,
  { block = 'densenet-layer', layerDropRate, hidden, dropRate, ...stages }: DenseNetConfig,
  stem: (
    features: Scope,
    image: SymbolicTensor,
    filters: number,
    norm: DenseNetConfig['norm'],
  ) => SymbolicTensor,
): SymbolicTensor {
  const features = net.scope('features')
  const stemmed = stem(features, image, 2 * stages.growthRate, stages.norm)
  const x = densenetStages(features, stemmed, { ...stages, block, dropRate: layerDropRate })
  return classifier(net, x, { name: 'classifier', hidden, dropRate, biasInitializer: zeros })
}

/** `[n, h, w, c]` → `[n, h/4, w/4, filters]` */
function stem(
  net: Scope,
  image: SymbolicTensor,
  filters: number,
  norm: DenseNetConfig['norm'],
): SymbolicTensor {
  const initializer = heNormal('fan-in')
  const x = conv2d(net.scope('conv0'), image, { filters, kernelSize: 7, strides: 2, initializer })
  const norm0 = net.scope('norm0')
  const active = net.feature(norm0.path, relu(batchNorm(norm0, x, norm))) // [n, h/2, w/2, filters]
  return maxPool2d(active, { size: 3, strides: 2, padding: 1 })
}
