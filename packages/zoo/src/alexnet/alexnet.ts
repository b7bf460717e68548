import { adaptiveAveragePool, classifier, conv2d, denseOverMap, dropout, torchBias } from '@convkit/blocks'
import {
  type ConfigsOf,
  ConvkitError,
  constantValue,
  defineArchitecture,
  normal,
  type Scope,
  torchDefault,
} from '@convkit/core'
import {
  type LocalResponseNormOptions,
  localResponseNorm,
  maxPool2d,
  relu,
  type SymbolicTensor,
} from '@convkit/graph'
import { variantPreprocessing, variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof alexnet> {}
}

/** What makes an AlexNet. */
export interface AlexNetConfig {
  /** Filters of the five convolutions. */
  readonly filters: readonly [number, number, number, number, number]
  /** Their groups; 1 each by default. */
  readonly groups?: readonly [number, number, number, number, number]
  /** Pixels of zeros around the image. */
  readonly padding: number
  /** Local response normalisation after the first two convolutions; none by default. */
  readonly localResponseNorm?: LocalResponseNormOptions
  /** Units of the two wide layers; 4,096 by default. */
  readonly hidden?: number
  /** Whether dropout is before the two wide layers, as torchvision's, or after them, as the paper's. */
  readonly dropout: 'before' | 'after'
  /** Its rate; 0 by default. */
  readonly dropRate?: number
  /** First weights, normal, and the biases of the eight layers; PyTorch's first values by default. */
  readonly initial?: { readonly std: number; readonly biases: readonly number[] }
}

const kernelSizes = [11, 5, 3, 3, 3] as const
/** Convolutions before a pool. */
const pooled = [0, 1, 4]
/** The wide layers take a map of 6×6; another one is averaged or stretched to that. */
const field = 6

/**
 * AlexNet (Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks"): the paper's, and
 * the one that torchvision calls so, with its names. Layers are numbered in one sequence, `features.0`, …,
 * `classifier.6`, in which activations, normalisations, pools and dropout count too.
 */
export const alexnet = defineArchitecture<AlexNetConfig, keyof typeof variants>({
  name: 'alexnet',
  source: 'https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html',
  variants,
  variantPreprocessing,
  firstConvolution: 'features.0',
  classifier: 'classifier.6',
  build(net, image, config) {
    const maps = toField(net, backbone(net, image, config)) // [n, 6, 6, c]
    const scope = net.scope('classifier')
    const x = wideLayers(scope, maps, config) // [n, hidden]
    return classifier(scope, x, { name: '6', ...firstValues(config, 7) })
  },
})

/** `[n, 224, 224, c]` → `[n, 6, 6, filters[4]]`. The features are what goes into each pool, and the last pool's output. */
function backbone(net: Scope, image: SymbolicTensor, config: AlexNetConfig): SymbolicTensor {
  const { filters, groups, padding, localResponseNorm: normalization } = config
  const features = net.scope('features')
  let x = image
  let index = 0
  kernelSizes.forEach((kernelSize, layer) => {
    const first = layer === 0
    const fanIn = (kernelSize ** 2 * (x.shape.at(-1) ?? 0)) / (groups?.[layer] ?? 1)
    const convolved = conv2d(features.scope(index), x, {
      filters: filters[layer] as number,
      kernelSize,
      strides: first ? 4 : 1,
      padding: first ? padding : undefined,
      groups: groups?.[layer],
      bias: true,
      ...(firstValues(config, layer) ?? { initializer: torchDefault, biasInitializer: torchBias(fanIn) }),
    })
    x = relu(convolved)
    index += 2
    if (normalization && layer < 2) {
      x = localResponseNorm(x, normalization)
      index++
    }
    if (pooled.includes(layer)) {
      x = maxPool2d(net.feature(`features.${index - 1}`, x), { size: 3, strides: 2 })
      index++
    }
  })
  return net.feature(`features.${index - 1}`, x)
}

/** `[n, h, w, c]` → `[n, 6, 6, c]`; where the head slides, the map itself. */
function toField(net: Scope, x: SymbolicTensor): SymbolicTensor {
  const own = net.window(x)
  if (!net.fullyConvolutional) return adaptiveAveragePool(x, [field, field])
  if (own.every((side) => side === field)) return x
  throw new ConvkitError(
    'E_SHAPE',
    `AlexNet's wide layers slide only where they see the whole map: ${field}×${field}, got ${own.join('×')}; use the model's own input size`,
  )
}

/** `[n, 6, 6, c]` → `[n, hidden]` */
function wideLayers(net: Scope, x: SymbolicTensor, config: AlexNetConfig): SymbolicTensor {
  const { hidden: units = 4096, dropRate: rate, dropout: position } = config
  const drop = (index: number, y: SymbolicTensor) => dropout(net.scope(index), y, { rate })
  const wide = (index: number, y: SymbolicTensor, layer: number) =>
    relu(denseOverMap(net.scope(index), y, { units, ...firstValues(config, layer) }))

  if (position === 'before') return wide(4, drop(3, wide(1, drop(0, x), 5)), 6)
  return drop(5, wide(3, drop(2, wide(0, x, 5)), 6))
}

/** How that one of the eight layers starts, where not as PyTorch starts it. */
function firstValues({ initial }: AlexNetConfig, layer: number) {
  if (!initial) return undefined
  return { initializer: normal(initial.std), biasInitializer: constantValue(initial.biases[layer] ?? 0) }
}
