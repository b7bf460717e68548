import type { Preprocessing } from '@convkit/core'
import { depths } from './depths.js'
import type { ResNetConfig } from './resnet.js'

const basic = { block: 'basic' } as const
const bottleneck = { block: 'bottleneck' } as const

/** ResNet v1 as Keras has it; its momentum of 0.99 is 0.01 in PyTorch's sense. */
const v1 = { ...bottleneck, strideFirst: true, bias: true, norm: { epsilon: 1.001e-5, momentum: 0.01 } }
/** Hu et al. 2018. */
const squeezeExcite = { attention: 'squeeze-excite' }
/** Xie et al. 2017: 32 groups of 4 channels in the first stage, and so on. */
const groups32x4 = { ...bottleneck, cardinality: 32, baseWidth: 4 }
const groups32x8 = { ...bottleneck, cardinality: 32, baseWidth: 8 }
const groups64x4 = { ...bottleneck, cardinality: 64, baseWidth: 4 }
/** Zagoruyko and Komodakis 2016: twice as wide 3×3 convolutions. */
const wide = { ...bottleneck, baseWidth: 128 }

export const variants = {
  resnet18: { ...basic, layers: depths[18] },
  resnet34: { ...basic, layers: depths[34] },
  resnet26: { ...bottleneck, layers: depths[26] },
  resnet50: { ...bottleneck, layers: depths[50] },
  resnet101: { ...bottleneck, layers: depths[101] },
  resnet152: { ...bottleneck, layers: depths[152] },
  resnet200: { ...bottleneck, layers: depths[200] },
  resnet50_v1: { ...v1, layers: depths[50] },
  resnet101_v1: { ...v1, layers: depths[101] },
  resnet152_v1: { ...v1, layers: depths[152] },
  resnext50_32x4d: { ...groups32x4, layers: depths[50] },
  resnext101_32x4d: { ...groups32x4, layers: depths[101] },
  resnext101_32x8d: { ...groups32x8, layers: depths[101] },
  resnext101_64x4d: { ...groups64x4, layers: depths[101] },
  wide_resnet50_2: { ...wide, layers: depths[50] },
  wide_resnet101_2: { ...wide, layers: depths[101] },
  seresnet18: { ...basic, ...squeezeExcite, layers: depths[18] },
  seresnet34: { ...basic, ...squeezeExcite, layers: depths[34] },
  seresnet50: { ...bottleneck, ...squeezeExcite, layers: depths[50] },
  seresnet101: { ...bottleneck, ...squeezeExcite, layers: depths[101] },
  seresnet152: { ...bottleneck, ...squeezeExcite, layers: depths[152] },
  seresnext50_32x4d: { ...groups32x4, ...squeezeExcite, layers: depths[50] },
  seresnext101_32x4d: { ...groups32x4, ...squeezeExcite, layers: depths[101] },
  seresnext101_32x8d: { ...groups32x8, ...squeezeExcite, layers: depths[101] },
} satisfies Record<string, ResNetConfig>

/**
 * timm's default weights are mostly a1 and a1h (Wightman et al. 2021, "ResNet strikes back"), which the records of single
 * variants differ from.
 */
export const preprocessing = { interpolation: 'bicubic', cropPct: 0.95 } satisfies Partial<Preprocessing>

const timm = { cropPct: 0.875 }
const torchvision = { interpolation: 'bilinear', cropPct: 0.875 } as const
/**
 * Keras's "caffe" mode: the mean is subtracted from pixels in [0, 255]. Keras also turns RGB into BGR; here the first
 * convolution takes RGB, so Keras's weights come in with its input channels reversed.
 */
const caffe = {
  ...torchvision,
  mean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  std: [1 / 255, 1 / 255, 1 / 255],
}

export const variantPreprocessing = {
  resnet26: timm,
  resnet200: timm,
  resnet50_v1: caffe,
  resnet101_v1: caffe,
  resnet152_v1: caffe,
  resnext101_32x4d: torchvision,
  resnext101_32x8d: torchvision,
  wide_resnet50_2: timm,
  wide_resnet101_2: torchvision,
  seresnet18: timm,
  seresnet34: timm,
  seresnet101: timm,
  seresnet152: timm,
  seresnext50_32x4d: timm,
  seresnext101_32x4d: timm,
} satisfies Partial<Record<keyof typeof variants, Partial<Preprocessing>>>
