import {
  batchNorm,
  classifier,
  conv2d,
  type HiddenLayer,
  type ResidualBlockName,
  type ResidualBlockOptions,
  residualStages,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, type Scope } from '@convkit/core'
import { maxPool2d, relu, type SymbolicTensor } from '@convkit/graph'
import { preprocessing, variantPreprocessing, variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof resnet> {}
}

/** What makes a residual network. */
export interface ResNetConfig
  extends Pick<
    ResidualBlockOptions,
    | 'cardinality'
    | 'baseWidth'
    | 'attention'
    | 'strideFirst'
    | 'bias'
    | 'norm'
    | 'shortcut'
    | 'zeroInitLast'
    | 'dropPathRate'
  > {
  /** Registered name of the residual block. */
  readonly block: ResidualBlockName
  /** Blocks in each of the four stages. */
  readonly layers: readonly number[]
  /** Widths of a deep stem of 3×3 convolutions (ResNet-C, -D); without them the stem is one 7×7 convolution. */
  readonly stem?: readonly number[]
  /** Dense layers between the pooled features and the classifier; none by default. */
  readonly hidden?: readonly HiddenLayer[]
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/**
 * Residual networks (He et al. 2016, "Deep Residual Learning for Image Recognition") in the form that torchvision and
 * timm share, called v1.5, with parameters that carry timm's names and start as timm's do; and ResNet v1 as Keras's. By
 * config they are ResNeXt, Wide ResNet and SE-ResNet.
 */
export const resnet = defineArchitecture<ResNetConfig, keyof typeof variants>({
  name: 'resnet',
  source: 'https://arxiv.org/abs/1512.03385',
  variants,
  preprocessing,
  variantPreprocessing,
  firstConvolution: 'conv1',
  classifier: 'fc',
  build: buildResNet,
})

/** A normalised image `[n, h, w, c]` → logits `[n, classes]`. */
export function buildResNet(net: Scope, image: SymbolicTensor, config: ResNetConfig): SymbolicTensor {
  const { stem: _, hidden, dropRate, ...stages } = config
  const x = residualStages(net, stem(net, image, config), { ...stages, filters: 64 }) // [n, h/32, w/32, c]
  return classifier(net, x, { hidden, dropRate })
}

/** `[n, h, w, c]` → `[n, h/4, w/4, filters]` */
function stem(net: Scope, image: SymbolicTensor, { stem: widths, bias, norm }: ResNetConfig): SymbolicTensor {
  const conv1 = net.scope('conv1')
  const x = widths
    ? deepStem(conv1, image, widths, norm)
    : conv2d(conv1, image, { filters: 64, kernelSize: 7, strides: 2, bias }) // [n, h/2, w/2, 64]
  const active = net.feature('act1', relu(batchNorm(net.scope('bn1'), x, norm)))
  return maxPool2d(active, { size: 3, strides: 2, padding: 1 })
}

/**
 * 3×3 convolutions, the first of which strides, with batch-norm and ReLU between them: `[n, h, w, c]` →
 * `[n, h/2, w/2, filters]`. Layers are numbered in one sequence, in which activations count too.
 */
function deepStem(
  net: Scope,
  image: SymbolicTensor,
  widths: readonly number[],
  norm: ResNetConfig['norm'],
): SymbolicTensor {
  return widths.reduce((x, filters, i) => {
    const active = i === 0 ? x : relu(batchNorm(net.scope(3 * i - 2), x, norm))
    return conv2d(net.scope(3 * i), active, { filters, kernelSize: 3, strides: i === 0 ? 2 : 1 })
  }, image)
}
