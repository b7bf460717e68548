import type { Preprocessing } from '@convkit/core'
import { depths } from '../resnet/depths.js'
import type { ResNetV2Config } from './resnet-v2.js'

const basic = { block: 'preact-basic' } as const
const bottleneck = { block: 'preact-bottleneck' } as const

/** Keras's; its momentum of 0.99 is 0.01 in PyTorch's sense. */
const keras = {
  ...bottleneck,
  downsampling: 'last',
  bias: true,
  norm: { epsilon: 1.001e-5, momentum: 0.01 },
  zeroPadPool: true,
} as const

export const variants = {
  resnetv2_18: { ...basic, layers: depths[18] },
  resnetv2_34: { ...basic, layers: depths[34] },
  resnetv2_50: { ...bottleneck, layers: depths[50] },
  resnetv2_101: { ...bottleneck, layers: depths[101] },
  resnetv2_152: { ...bottleneck, layers: depths[152] },
  resnet50_v2: { ...keras, layers: depths[50] },
  resnet101_v2: { ...keras, layers: depths[101] },
  resnet152_v2: { ...keras, layers: depths[152] },
} satisfies Record<string, ResNetV2Config>

/** timm's default weights of ResNet v2 are trained for [−1, 1], as Keras's "tf" mode is. */
export const preprocessing = {
  interpolation: 'bicubic',
  cropPct: 0.95,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
} satisfies Partial<Preprocessing>

const small = { cropPct: 0.9 }
const bilinear = { interpolation: 'bilinear', cropPct: 0.875 } as const

export const variantPreprocessing = {
  resnetv2_18: small,
  resnetv2_34: small,
  resnetv2_152: { cropPct: 0.875 },
  resnet50_v2: bilinear,
  resnet101_v2: bilinear,
  resnet152_v2: bilinear,
} satisfies Partial<Record<keyof typeof variants, Partial<Preprocessing>>>
