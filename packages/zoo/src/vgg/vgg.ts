import { adaptiveAveragePool, batchNorm, classifier, conv2d, dropout } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, normal, type Scope, zeros } from '@convkit/core'
import { maxPool2d, type Pair, relu, type SymbolicTensor } from '@convkit/graph'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof vgg> {}
}

/** What makes a VGG network. */
export interface VggConfig {
  /** 3×3 convolutions in each of the five stages. */
  readonly layers: readonly number[]
  /** Whether batch-norm follows each convolution; false by default. */
  readonly norm?: boolean
  /** Height and width that the first wide layer sees at once; 7×7, of 224×224 pixels, by default. */
  readonly window?: Pair
  /** Dropout between the wide layers and before the classifier; 0 by default, as timm's (the paper's is 0.5). */
  readonly dropRate?: number
}

const hidden = 4096

/**
 * VGG (Simonyan and Zisserman 2015), with timm's names and initial values: the paper's first two dense layers are the
 * convolutions `pre_logits.fc1` and `pre_logits.fc2`, so that any input size works. On a larger input the first slides, and the classifier sees the mean.
 */
export const vgg = defineArchitecture<VggConfig, keyof typeof variants>({
  name: 'vgg',
  source: 'https://arxiv.org/abs/1409.1556',
  variants,
  firstConvolution: 'features.0',
  classifier: 'head.fc',
  build(net, image, config) {
    const features = backbone(net, image, config) // [n, h/32, w/32, 512]
    const x = preLogits(net.scope('pre_logits'), features, config) // [n, h/32 − 6, w/32 − 6, 4096]
    const { dropRate } = config
    return classifier(net.scope('head'), x, { dropRate, initializer: normal(0.01), biasInitializer: zeros })
  },
})

/**
 * `[n, h, w, c]` → `[n, h/32, w/32, 512]`. Layers are numbered in one sequence, `features.0`, …, in which activations
 * and pools count too. The features are what goes into each pool, and the last pool's output.
 */
function backbone(net: Scope, image: SymbolicTensor, { layers, norm = false }: VggConfig): SymbolicTensor {
  const features = net.scope('features')
  let x = image
  let index = 0
  layers.forEach((depth, stage) => {
    const filters = Math.min(64 * 2 ** stage, 512)
    for (let i = 0; i < depth; i++) {
      x = conv2d(features.scope(index), x, { filters, kernelSize: 3, bias: true })
      if (norm) x = batchNorm(features.scope(index + 1), x)
      x = relu(x)
      index += norm ? 3 : 2
    }
    net.feature(`features.${index - 1}`, x)
    x = maxPool2d(x, { size: 2 })
    index++
  })
  return net.feature(`features.${index - 1}`, x)
}

/** `[n, h, w, 512]` → `[n, h − 6, w − 6, 4096]` of a 7×7 window; a smaller map than that is first stretched to it. */
function preLogits(net: Scope, x: SymbolicTensor, { window = [7, 7], dropRate }: VggConfig): SymbolicTensor {
  const [, h = 0, w = 0] = x.shape
  const stretched = adaptiveAveragePool(x, [Math.max(window[0], h), Math.max(window[1], w)])
  const wide = { filters: hidden, padding: 'valid', bias: true } as const
  const fc1 = relu(conv2d(net.scope('fc1'), stretched, { ...wide, kernelSize: window }))
  const dropped = dropout(net.scope('drop'), fc1, { rate: dropRate })
  return relu(conv2d(net.scope('fc2'), dropped, { ...wide, kernelSize: 1 }))
}
