import { definePlugin } from '@convkit/core'
import { randomResizedCrop } from './crops/random-resized-crop.js'
import { scaleJitter } from './crops/scale-jitter.js'
import { cutMix } from './mixes/cut-mix.js'
import { mixUp } from './mixes/mix-up.js'
import { augMix } from './policies/aug-mix.js'
import { autoAugment } from './policies/auto-augment.js'
import { randAugment } from './policies/rand-augment.js'
import { trivialAugmentWide } from './policies/trivial-augment-wide.js'
import { recipes } from './recipes.js'
import { randomAffine } from './transforms/affine.js'
import { randomAutocontrast } from './transforms/autocontrast.js'
import { colorJitter } from './transforms/color-jitter.js'
import { randomEqualize } from './transforms/equalize.js'
import { randomErasing } from './transforms/erasing.js'
import { horizontalFlip, verticalFlip } from './transforms/flip.js'
import { randomGaussianBlur } from './transforms/gaussian-blur.js'
import { grayscale } from './transforms/grayscale.js'
import { randomInvert } from './transforms/invert.js'
import { jpegArtifacts } from './transforms/jpeg.js'
import { lighting } from './transforms/lighting.js'
import { paddedCrop } from './transforms/padded-crop.js'
import { randomPerspective } from './transforms/perspective.js'
import { randomPosterize } from './transforms/posterize.js'
import { randomRotation } from './transforms/rotation.js'
import { sharpness } from './transforms/sharpness.js'
import { randomSolarize } from './transforms/solarize.js'

export { augmentation } from './augmentation.js'
export { type RandomResizedCropOptions, randomResizedCrop } from './crops/random-resized-crop.js'
export { type ScaleJitterOptions, scaleJitter } from './crops/scale-jitter.js'
export type { MixOptions } from './mixes/batch-mix.js'
export { cutMix } from './mixes/cut-mix.js'
export { mixUp } from './mixes/mix-up.js'
export {
  type AugmentationData,
  type OneOfData,
  type PartData,
  parseAugmentation,
} from './parse-augmentation.js'
export { toGray } from './pixels/luma.js'
export type { WarpOptions } from './pixels/warp.js'
export { type AugMixOptions, augMix } from './policies/aug-mix.js'
export { type AutoAugmentOptions, autoAugment } from './policies/auto-augment.js'
export { type RandAugmentOptions, randAugment } from './policies/rand-augment.js'
export { type TrivialAugmentWideOptions, trivialAugmentWide } from './policies/trivial-augment-wide.js'
export { alexnet, inception, light, mirror, none, recipes, resnet, timmA1, vgg } from './recipes.js'
export { type Draws, drawsOf } from './shared/draws.js'
export { type OneOfOptions, oneOf, oneOfMixes } from './shared/one-of.js'
export type { Fill, Range } from './shared/options.js'
export type { Chance } from './shared/random-transform.js'
export {
  type TestTimeClassifier,
  type TestTimeMethod,
  type TestTimeOptions,
  testTime,
  testTimeMethods,
} from './test-time/test-time.js'
export { type Views, viewsOf } from './test-time/views.js'
export {
  type AffineMap,
  type Angles,
  affine,
  type RandomAffineOptions,
  randomAffine,
  type WarpChance,
} from './transforms/affine.js'
export { autocontrast, randomAutocontrast } from './transforms/autocontrast.js'
export {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  type ColorJitterOptions,
  colorJitter,
  type Jitter,
} from './transforms/color-jitter.js'
export { equalize, randomEqualize } from './transforms/equalize.js'
export { type Box, type ErasingOptions, erase, randomErasing } from './transforms/erasing.js'
export { flipHorizontally, flipVertically, horizontalFlip, verticalFlip } from './transforms/flip.js'
export { type GaussianBlurOptions, gaussianBlur, randomGaussianBlur } from './transforms/gaussian-blur.js'
export { grayscale } from './transforms/grayscale.js'
export { invert, randomInvert } from './transforms/invert.js'
export { type JpegOptions, jpeg, jpegArtifacts } from './transforms/jpeg.js'
export { addLight, type LightingOptions, lighting } from './transforms/lighting.js'
export { type PaddedCropOptions, paddedCrop, shift } from './transforms/padded-crop.js'
export {
  type Corners,
  type Point,
  perspective,
  type RandomPerspectiveOptions,
  randomPerspective,
} from './transforms/perspective.js'
export { type PosterizeOptions, posterize, randomPosterize } from './transforms/posterize.js'
export { type RandomRotationOptions, randomRotation, rotate } from './transforms/rotation.js'
export { adjustSharpness, type SharpnessOptions, sharpness } from './transforms/sharpness.js'
export { randomSolarize, type SolarizeOptions, solarize } from './transforms/solarize.js'

/** Crops, transforms, mixes and recipes by name, for a registry. */
export default definePlugin({
  name: '@convkit/augment',
  crops: {
    'random-resized-crop': randomResizedCrop,
    'scale-jitter': scaleJitter,
  },
  transforms: {
    affine: randomAffine,
    'aug-mix': augMix,
    'auto-augment': autoAugment,
    autocontrast: randomAutocontrast,
    'color-jitter': colorJitter,
    equalize: randomEqualize,
    erasing: randomErasing,
    'gaussian-blur': randomGaussianBlur,
    grayscale,
    'horizontal-flip': horizontalFlip,
    invert: randomInvert,
    jpeg: jpegArtifacts,
    lighting,
    'padded-crop': paddedCrop,
    perspective: randomPerspective,
    posterize: randomPosterize,
    'rand-augment': randAugment,
    rotation: randomRotation,
    sharpness,
    solarize: randomSolarize,
    'trivial-augment-wide': trivialAugmentWide,
    'vertical-flip': verticalFlip,
  },
  mixes: { cutmix: cutMix, mixup: mixUp },
  augmentations: recipes,
})
