import type { Augmentation } from '@convkit/core'
import { augmentation } from './augmentation.js'
import { randomResizedCrop } from './crops/random-resized-crop.js'
import { scaleJitter } from './crops/scale-jitter.js'
import { cutMix } from './mixes/cut-mix.js'
import { mixUp } from './mixes/mix-up.js'
import { randAugment } from './policies/rand-augment.js'
import { oneOfMixes } from './shared/one-of.js'
import { colorJitter } from './transforms/color-jitter.js'
import { horizontalFlip } from './transforms/flip.js'
import { lighting } from './transforms/lighting.js'

/** ImageNet's mean colour, for pixels that have no source. */
const meanColor = [124, 116, 104] as const

/** What evaluation sees: the middle of the image. */
export const none: Augmentation = augmentation({ name: 'none' })

/** What evaluation sees, every second image mirrored. */
export const mirror: Augmentation = augmentation({ name: 'mirror', transforms: [horizontalFlip()] })

/** For fine-tuning on photos: the larger part of the image, mirrored, in slightly other light. */
export const light: Augmentation = augmentation({
  name: 'light',
  crop: randomResizedCrop({ scale: [0.35, 1] }),
  transforms: [horizontalFlip(), colorJitter({ brightness: 0.1, contrast: 0.1, saturation: 0.1 })],
})

/** Krizhevsky et al. 2012, section 4.1: parts of the middle 256 × 256 pixels, mirrored, with PCA lighting noise. */
export const alexnet: Augmentation = augmentation({
  name: 'alexnet',
  crop: scaleJitter({ shorterSide: [256, 256], within: 'square' }),
  transforms: [horizontalFlip(), lighting()],
})

/** Simonyan and Zisserman 2015, section 3.1: the shorter side from 256 to 512, mirrored, with AlexNet's lighting noise. */
export const vgg: Augmentation = augmentation({
  name: 'vgg',
  crop: scaleJitter({ shorterSide: [256, 512] }),
  transforms: [horizontalFlip(), lighting()],
})

/**
 * Szegedy et al. 2015, section 6: parts of 8 to 100 % of the area, resampled in different ways, with the photometric
 * distortions of Howard 2013: contrast, brightness and colour by factors from 0.5 to 1.5, in random order.
 */
export const inception: Augmentation = augmentation({
  name: 'inception',
  crop: randomResizedCrop({ interpolation: 'random' }),
  transforms: [
    horizontalFlip(),
    colorJitter({ brightness: 0.5, contrast: 0.5, saturation: 0.5 }),
    lighting(),
  ],
})

/** He et al. 2016, section 3.4: the shorter side from 256 to 480, mirrored, with AlexNet's lighting noise. */
export const resnet: Augmentation = augmentation({
  name: 'resnet',
  crop: scaleJitter({ shorterSide: [256, 480] }),
  transforms: [horizontalFlip(), lighting()],
})

/**
 * Wightman et al. 2021, "ResNet strikes back", procedure A1: `rand-m7-mstd0.5-inc1`, MixUp 0.2 and CutMix 1 in turns. The
 * paper trains with it by `binaryCrossEntropy({ labelSmoothing: 0.1 })`, with bicubic interpolation.
 */
export const timmA1: Augmentation = augmentation({
  name: 'timm-a1',
  crop: randomResizedCrop({ interpolation: 'bicubic' }),
  transforms: [
    horizontalFlip(),
    randAugment({
      magnitude: 21,
      magnitudeDeviation: 1.5,
      operationProbability: 0.5,
      space: 'increasing',
      interpolation: 'bilinear',
      fill: meanColor,
    }),
  ],
  mix: oneOfMixes([mixUp({ alpha: 0.2 }), cutMix({ alpha: 1 })]),
})

/** All recipes. */
export const recipes = [none, mirror, light, alexnet, vgg, inception, resnet, timmA1] as const
