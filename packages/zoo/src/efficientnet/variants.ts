import type { Preprocessing } from '@convkit/core'
import type { MobileNetConfig } from '../mobilenet/mobile-network.js'

const squeezeExcite = { ratio: 0.25 } as const

/** Table 1 of Tan and Le 2019. */
const b0 = {
  block: 'inverted-residual',
  activation: 'silu',
  stemFilters: 32,
  headFilters: 1280,
  stages: [
    [{ block: 'depthwise-separable', filters: 16, squeezeExcite }],
    [{ layers: 2, filters: 24, strides: 2, squeezeExcite }],
    [{ layers: 2, filters: 40, kernelSize: 5, strides: 2, squeezeExcite }],
    [{ layers: 3, filters: 80, strides: 2, squeezeExcite }],
    [{ layers: 3, filters: 112, kernelSize: 5, squeezeExcite }],
    [{ layers: 4, filters: 192, kernelSize: 5, strides: 2, squeezeExcite }],
    [{ filters: 320, squeezeExcite }],
  ],
} satisfies MobileNetConfig

const b1 = { ...b0, depthMultiplier: 1.1 }
const b2 = { ...b0, widthMultiplier: 1.1, depthMultiplier: 1.2 }
const b3 = { ...b0, widthMultiplier: 1.2, depthMultiplier: 1.4 }
const b4 = { ...b0, widthMultiplier: 1.4, depthMultiplier: 1.8 }

/** What makes a port of TensorFlow's weights exact. */
const tensorflow = { padding: 'same', norm: { epsilon: 1e-3 } } as const

export const variants = {
  efficientnet_b0: b0,
  efficientnet_b1: b1,
  efficientnet_b2: b2,
  efficientnet_b3: b3,
  efficientnet_b4: b4,
  tf_efficientnet_b0: { ...b0, ...tensorflow },
  tf_efficientnet_b1: { ...b1, ...tensorflow },
  tf_efficientnet_b2: { ...b2, ...tensorflow },
  tf_efficientnet_b3: { ...b3, ...tensorflow },
  tf_efficientnet_b4: { ...b4, ...tensorflow },
} satisfies Record<string, MobileNetConfig>

/** timm trains at other sizes than the paper, whose the `tf_` variants have. */
export const variantPreprocessing = {
  efficientnet_b1: { inputSize: [240, 240], cropPct: 0.9, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  efficientnet_b2: { inputSize: [256, 256] },
  efficientnet_b3: { inputSize: [288, 288] },
  efficientnet_b4: { inputSize: [320, 320] },
  tf_efficientnet_b1: { inputSize: [240, 240], cropPct: 0.882 },
  tf_efficientnet_b2: { inputSize: [260, 260], cropPct: 0.89 },
  tf_efficientnet_b3: { inputSize: [300, 300], cropPct: 0.904 },
  tf_efficientnet_b4: { inputSize: [380, 380], cropPct: 0.922 },
} satisfies Record<string, Partial<Preprocessing>>
