import {
  type Activation,
  activate,
  batchNorm,
  type Conv2dOptions,
  classifier,
  conv2d,
  torchBias,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, type Scope, torchDefault } from '@convkit/core'
import { add, type SymbolicTensor } from '@convkit/graph'
import { variants, weights } from './variants.js'

// With this line `createModel('convmixer_768_32', { config: { depth: 8 } })` compiles, and a wrong name or key does not.
declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof convmixer> {}
}

/** What makes a ConvMixer. */
export interface ConvMixerConfig {
  /** Channels of every map. */
  readonly filters: number
  /** Blocks. */
  readonly depth: number
  /** Side of the depthwise convolutions. */
  readonly kernelSize: number
  /** Side of the patches that the image is cut into. */
  readonly patchSize: number
  /** GELU by default. */
  readonly activation?: Activation
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/**
 * ConvMixer (Trockman and Kolter 2022, "Patches Are All You Need?"), with timm's names and first values: `depth` equal
 * blocks on one map of patches, whose size never changes.
 */
export const convmixer = defineArchitecture<ConvMixerConfig, keyof typeof variants>({
  name: 'convmixer',
  source: 'https://arxiv.org/abs/2201.09792',
  variants,
  weights,
  preprocessing: { cropPct: 0.96, interpolation: 'bicubic' },
  firstConvolution: 'stem.0',
  classifier: 'head',
  build(net, image, config) {
    const { filters, depth, kernelSize, patchSize, activation, dropRate } = config
    const patches = { filters, kernelSize: patchSize, strides: patchSize, padding: 'valid' } as const
    let x = convActNorm(net.scope('stem'), image, patches, activation) // [n, h/patch, w/patch, filters]
    const blocks = net.scope('blocks')
    for (let i = 0; i < depth; i++) x = mixerBlock(blocks.scope(i), x, kernelSize, activation)
    return classifier(net, net.feature('blocks', x), { name: 'head', dropRate })
  },
})

/** Mixes positions channel by channel, then channels position by position: `[n, h, w, c]` → `[n, h, w, c]` */
function mixerBlock(net: Scope, x: SymbolicTensor, kernelSize: number, activation?: Activation) {
  const filters = x.shape.at(-1) ?? 0
  const depthwise = { filters, groups: filters, kernelSize, padding: 'same' } as const
  const spatial = convActNorm(net.scope(0).scope('fn'), x, depthwise, activation)
  return convActNorm(net, add(spatial, x), { filters, kernelSize: 1 }, activation, 1)
}

/** Convolution, activation, batch-norm, at `first`, … of the scope: `[n, h, w, c]` → `[n, h', w', filters]` */
function convActNorm(
  net: Scope,
  x: SymbolicTensor,
  options: Conv2dOptions & { readonly kernelSize: number },
  activation: Activation = 'gelu',
  first = 0,
): SymbolicTensor {
  const { kernelSize, groups = 1 } = options
  const fanIn = (kernelSize ** 2 * (x.shape.at(-1) ?? 0)) / groups
  const asInTorch = { bias: true, initializer: torchDefault, biasInitializer: torchBias(fanIn) }
  const y = conv2d(net.scope(first), x, { ...options, ...asInTorch })
  return batchNorm(net.scope(first + 2), activate(y, activation))
}
