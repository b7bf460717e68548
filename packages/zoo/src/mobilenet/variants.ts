import type { MobileLayers } from '@convkit/blocks'
import type { Preprocessing } from '@convkit/core'
import type { MobileNetConfig } from './mobile-network.js'

type Variants = Record<string, MobileNetConfig>
type VariantPreprocessing = Record<string, Partial<Preprocessing>>

/** Pixels in [−1, 1], as TensorFlow's models take them. */
const inceptionStatistics = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }
/** What makes a port of TensorFlow's weights exact. */
const tensorflow = { padding: 'same', norm: { epsilon: 1e-3 } } as const

// MobileNet v1: table 1 of Howard et al. 2017

const v1 = {
  block: 'depthwise-separable',
  residual: false,
  stemFilters: 32,
  stages: [
    [{ filters: 64 }],
    [{ layers: 2, filters: 128, strides: 2 }],
    [{ layers: 2, filters: 256, strides: 2 }],
    [{ layers: 6, filters: 512, strides: 2 }],
    [{ layers: 2, filters: 1024, strides: 2 }],
  ],
} satisfies MobileNetConfig

export const v1Variants = {
  mobilenetv1_100: v1,
  mobilenetv1_100h: { ...v1, headFilters: 1024 },
  mobilenetv1_125: { ...v1, widthMultiplier: 1.25 },
} satisfies Variants

export const v1Preprocessing = {
  mobilenetv1_125: { cropPct: 0.9 },
} satisfies VariantPreprocessing

// MobileNet v2: table 2 of Sandler et al. 2018

const v2 = {
  block: 'inverted-residual',
  stemFilters: 32,
  headFilters: 1280,
  stages: [
    [{ block: 'depthwise-separable', filters: 16 }],
    [{ layers: 2, filters: 24, strides: 2 }],
    [{ layers: 3, filters: 32, strides: 2 }],
    [{ layers: 4, filters: 64, strides: 2 }],
    [{ layers: 3, filters: 96 }],
    [{ layers: 3, filters: 160, strides: 2 }],
    [{ filters: 320 }],
  ],
} satisfies MobileNetConfig

export const v2Variants = {
  mobilenetv2_035: { ...v2, widthMultiplier: 0.35 },
  mobilenetv2_050: { ...v2, widthMultiplier: 0.5 },
  mobilenetv2_075: { ...v2, widthMultiplier: 0.75 },
  mobilenetv2_100: v2,
  mobilenetv2_140: { ...v2, widthMultiplier: 1.4 },
  mobilenetv2_110d: { ...v2, widthMultiplier: 1.1, depthMultiplier: 1.2, fixedEnds: true },
  mobilenetv2_120d: { ...v2, widthMultiplier: 1.2, depthMultiplier: 1.4, fixedEnds: true },
} satisfies Variants

// MobileNet v3: tables 1 and 2 of Howard et al. 2019

const squeezeExcite = { ratio: 0.25, of: 'depthwise', activation: 'relu', gate: 'hard-sigmoid' } as const
const attentive = { kernelSize: 5, squeezeExcite } as const
const relu = { activation: 'relu' } as const
/** The last stage is one 1×1 convolution. */
const last = { block: 'conv-norm-act', kernelSize: 1, options: { names: ['conv', 'bn1'] } } as const

const v3 = {
  block: 'inverted-residual',
  activation: 'hard-swish',
  stemFilters: 16,
  pooledHead: true,
} as const

const large = {
  ...v3,
  headFilters: 1280,
  stages: [
    [{ block: 'depthwise-separable', filters: 16, ...relu }],
    [
      { filters: 24, strides: 2, expansion: 4, ...relu },
      { filters: 24, expansion: 3, ...relu },
    ],
    [{ layers: 3, filters: 40, strides: 2, expansion: 3, ...attentive, ...relu }],
    [
      { filters: 80, strides: 2, expansion: 6 },
      { filters: 80, expansion: 2.5 },
      { layers: 2, filters: 80, expansion: 2.3 },
    ],
    [{ layers: 2, filters: 112, expansion: 6, squeezeExcite }],
    [{ layers: 3, filters: 160, strides: 2, expansion: 6, ...attentive }],
    [{ ...last, filters: 960 }],
  ],
} satisfies MobileNetConfig

const small = {
  ...v3,
  headFilters: 1024,
  stages: [
    [{ block: 'depthwise-separable', filters: 16, strides: 2, squeezeExcite, ...relu }],
    [
      { filters: 24, strides: 2, expansion: 4.5, ...relu },
      { filters: 24, expansion: 3.67, ...relu },
    ],
    [
      { filters: 40, strides: 2, expansion: 4, ...attentive },
      { layers: 2, filters: 40, expansion: 6, ...attentive },
    ],
    [{ layers: 2, filters: 48, expansion: 3, ...attentive }],
    [{ layers: 3, filters: 96, strides: 2, expansion: 6, ...attentive }],
    [{ ...last, filters: 576 }],
  ],
} satisfies MobileNetConfig

/** The same with 3×3 kernels, ReLU and no squeeze-and-excitation, for hardware that has nothing else. */
function minimal(config: MobileNetConfig): MobileNetConfig {
  const plain = ({ kernelSize, squeezeExcite: _, ...row }: MobileLayers): MobileLayers => ({
    ...row,
    kernelSize: kernelSize === 5 ? 3 : kernelSize,
  })
  return { ...config, ...relu, stages: config.stages.map((rows) => rows.map(plain)) }
}

export const v3Variants = {
  mobilenetv3_large_075: { ...large, widthMultiplier: 0.75 },
  mobilenetv3_large_100: large,
  mobilenetv3_large_150d: { ...large, widthMultiplier: 1.5, depthMultiplier: 1.2 },
  mobilenetv3_small_050: { ...small, widthMultiplier: 0.5, fixedEnds: true },
  mobilenetv3_small_075: { ...small, widthMultiplier: 0.75 },
  mobilenetv3_small_100: small,
  tf_mobilenetv3_large_075: { ...large, ...tensorflow, widthMultiplier: 0.75 },
  tf_mobilenetv3_large_100: { ...large, ...tensorflow },
  tf_mobilenetv3_large_minimal_100: { ...minimal(large), ...tensorflow },
  tf_mobilenetv3_small_075: { ...small, ...tensorflow, widthMultiplier: 0.75 },
  tf_mobilenetv3_small_100: { ...small, ...tensorflow },
  tf_mobilenetv3_small_minimal_100: { ...minimal(small), ...tensorflow },
} satisfies Variants

const tensorflowPreprocessing = { interpolation: 'bilinear', ...inceptionStatistics } as const

export const v3Preprocessing = {
  mobilenetv3_large_075: { interpolation: 'bilinear' },
  mobilenetv3_large_150d: { ...tensorflowPreprocessing, inputSize: [256, 256], cropPct: 0.95 },
  tf_mobilenetv3_large_075: tensorflowPreprocessing,
  tf_mobilenetv3_large_100: tensorflowPreprocessing,
  tf_mobilenetv3_large_minimal_100: tensorflowPreprocessing,
  tf_mobilenetv3_small_075: tensorflowPreprocessing,
  tf_mobilenetv3_small_100: tensorflowPreprocessing,
  tf_mobilenetv3_small_minimal_100: tensorflowPreprocessing,
} satisfies VariantPreprocessing
