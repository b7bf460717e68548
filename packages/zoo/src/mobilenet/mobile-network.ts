import {
  activate,
  classifier,
  conv2d,
  convNormAct,
  globalPool,
  type HiddenLayer,
  type MobileBlockName,
  type MobileStagesOptions,
  mobileStages,
  roundChannels,
} from '@convkit/blocks'
import { type Scope, uniform, zeros } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'

/** What makes a network of depthwise-separable convolutions or inverted residuals. */
export interface MobileNetConfig extends MobileStagesOptions {
  /** Registered name of the block in those rows of `stages` that name none of their own. */
  readonly block: MobileBlockName
  /** ReLU6 by default. */
  readonly activation?: MobileStagesOptions['activation']
  /** Filters of the first convolution, before the width multiplier. */
  readonly stemFilters: number
  /** Filters of the last convolution, which a width multiplier below 1 leaves alone; there is none by default. */
  readonly headFilters?: number
  /**
   * Whether the last convolution comes after the pool, with a bias in place of batch-norm, whatever the width (Howard et
   * al. 2019, MobileNet v3); false by default.
   */
  readonly pooledHead?: boolean
  /** Whether the multipliers leave the first and the last convolution, and the depth at both ends, alone; false by default. */
  readonly fixedEnds?: boolean
  /** Dense layers between the pooled features and the classifier; none by default. */
  readonly hidden?: readonly HiddenLayer[]
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/**
 * Stem, stages, head: `[n, h, w, c]` → `[n, classes]`. Names, order and first values of parameters are those of timm's
 * `EfficientNet` and `MobileNetV3`.
 */
export function mobileNetwork(net: Scope, image: SymbolicTensor, config: MobileNetConfig): SymbolicTensor {
  const { activation = 'relu6', hidden, dropRate, pooledHead } = config
  const x = mobileStages(net.scope('blocks'), stem(net, image, config), { ...config, activation })
  const head = pooledHead ? pooledFeatures(net, x, config) : lastConvolution(net, x, config)
  // timm takes the fan-out for this, as the original implementation does.
  const bound = 1 / Math.sqrt(net.classes)
  return classifier(net, head, {
    name: 'classifier',
    hidden,
    dropRate,
    initializer: uniform(-bound, bound),
    biasInitializer: zeros,
  })
}

/** `[n, h, w, c]` → `[n, h/2, w/2, filters]` */
function stem(net: Scope, image: SymbolicTensor, config: MobileNetConfig): SymbolicTensor {
  const { stemFilters, widthMultiplier = 1, fixedEnds, stages, activation = 'relu6', norm, padding } = config
  const filters = fixedEnds ? stemFilters : roundChannels(stemFilters * widthMultiplier)
  const convolution = { filters, kernelSize: 3, strides: 2, padding }
  const x = convNormAct(net, image, { ...convolution, activation, norm, names: ['conv_stem', 'bn1'] })
  return (stages[0]?.[0]?.strides ?? 1) > 1 ? net.feature('bn1', x) : x
}

/** `[n, h, w, c]` → `[n, h, w, headFilters]` */
function lastConvolution(net: Scope, x: SymbolicTensor, config: MobileNetConfig): SymbolicTensor {
  const { headFilters, widthMultiplier = 1, fixedEnds, activation = 'relu6', norm, padding } = config
  if (!headFilters) return x
  const filters = fixedEnds
    ? headFilters
    : Math.max(headFilters, roundChannels(headFilters * widthMultiplier))
  const convolution = { filters, kernelSize: 1, padding }
  return convNormAct(net, x, { ...convolution, activation, norm, names: ['conv_head', 'bn2'] })
}

/** `[n, h, w, c]` → `[n, 1, 1, headFilters]` */
function pooledFeatures(net: Scope, x: SymbolicTensor, config: MobileNetConfig): SymbolicTensor {
  const pooled = globalPool(net, x, { keepDims: true })
  const { headFilters: filters = pooled.shape[3] ?? 0, activation = 'relu6' } = config
  const features = conv2d(net.scope('conv_head'), pooled, { filters, kernelSize: 1, bias: true })
  return activate(features, activation)
}
