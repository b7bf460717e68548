import {
  centerCrop,
  cropPixels,
  type Pixels,
  type Preprocessing,
  preprocess,
  resize,
  scaledSize,
  toChannels,
} from '@convkit/core'
import { flipHorizontally } from '../transforms/flip.js'

/** What is shown to the network instead of an image: as many for every image, each of the network's input size. */
export type Views = (image: Pixels) => readonly Pixels[]

/** The views of each way that is known by name, for a model's preprocessing. */
export const viewsOf = {
  /** What evaluation sees, and its mirror image. */
  flip: (preprocessing) => (image) => mirrored([preprocess(image, preprocessing)]),
  /** The corners and the middle. */
  'five-crop': (preprocessing) => (image) => fiveCrops(image, preprocessing),
  /** The corners and the middle, and their mirror images (Krizhevsky et al. 2012, section 4.1). */
  'ten-crop': (preprocessing) => (image) => mirrored(fiveCrops(image, preprocessing)),
  /** The middle at three scales, and its mirror images, as Simonyan and Zisserman 2015, table 4: 224, 256 and 288 for 224. */
  'multi-scale': (preprocessing) => (image) =>
    mirrored(
      scales.map((scale) =>
        preprocess(image, { ...preprocessing, cropPct: Math.min(1, cropShare(preprocessing) / scale) }),
      ),
    ),
} as const satisfies Readonly<Record<string, (preprocessing: Preprocessing) => Views>>

const scales = [224 / 256, 1, 288 / 256] as const

/** The input as a share of the scaled image: the model's own, or AlexNet's where that leaves nothing to choose from. */
function cropShare({ cropPct }: Preprocessing): number {
  return cropPct < 1 ? cropPct : 224 / 256
}

export function mirrored(views: readonly Pixels[]): Pixels[] {
  return [...views, ...views.map(flipHorizontally)]
}

/** Top left, top right, bottom left, bottom right, and what evaluation sees. */
function fiveCrops(image: Pixels, preprocessing: Preprocessing): Pixels[] {
  const { inputSize, channels, interpolation } = preprocessing
  const [height, width] = inputSize
  const record = { ...preprocessing, cropPct: cropShare(preprocessing) }
  const scaled = resize(toChannels(image, channels), ...scaledSize(image, record), interpolation)
  const [bottom, right] = [scaled.height - height, scaled.width - width]
  const corners = [
    [0, 0],
    [0, right],
    [bottom, 0],
    [bottom, right],
  ] as const
  return [
    ...corners.map(([top, left]) => cropPixels(scaled, { top, left, height, width }, preprocessing)),
    centerCrop(scaled, height, width),
  ]
}
