import {
  batchNorm,
  classifier,
  conv2d,
  type ResidualBlockName,
  type ResidualBlockOptions,
  residualStages,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, type Scope } from '@convkit/core'
import { maxPool2d, relu, type SymbolicTensor } from '@convkit/graph'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof resnet> {}
}

/** What makes a residual network. */
export interface ResNetConfig
  extends Pick<ResidualBlockOptions, 'cardinality' | 'baseWidth' | 'attention' | 'dropPathRate'> {
  /** Registered name of the residual block. */
  readonly block: ResidualBlockName
  /** Blocks in each of the four stages. */
  readonly layers: readonly number[]
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/**
 * Residual networks (He et al. 2016, "Deep Residual Learning for Image Recognition") in the form that torchvision and
 * timm share, called v1.5; parameters carry timm's names and start as timm's do.
 */
export const resnet = defineArchitecture<ResNetConfig, keyof typeof variants>({
  name: 'resnet',
  source: 'https://arxiv.org/abs/1512.03385',
  variants,
  // timm's default weights, a1 and a1h (Wightman et al. 2021, "ResNet strikes back"), are trained for this.
  preprocessing: { interpolation: 'bicubic', cropPct: 0.95 },
  firstConvolution: 'conv1',
  classifier: 'fc',
  build: (net, image, { dropRate, ...stages }) => {
    const x = residualStages(net, stem(net, image), { ...stages, filters: 64 }) // [n, h/32, w/32, c]
    return classifier(net, x, { dropRate })
  },
})

/** `[n, h, w, c]` → `[n, h/4, w/4, 64]` */
function stem(net: Scope, image: SymbolicTensor): SymbolicTensor {
  const x = conv2d(net.scope('conv1'), image, { filters: 64, kernelSize: 7, strides: 2 }) // [n, h/2, w/2, 64]
  const active = net.feature('act1', relu(batchNorm(net.scope('bn1'), x)))
  return maxPool2d(active, { size: 3, strides: 2, padding: 1 })
}
