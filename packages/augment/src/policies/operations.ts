import type { Pixels } from '@convkit/core'
import type { WarpOptions } from '../pixels/warp.js'
import { affine } from '../transforms/affine.js'
import { autocontrast } from '../transforms/autocontrast.js'
import { adjustBrightness, adjustContrast, adjustSaturation } from '../transforms/color-jitter.js'
import { equalize } from '../transforms/equalize.js'
import { invert } from '../transforms/invert.js'
import { posterize } from '../transforms/posterize.js'
import { rotate } from '../transforms/rotation.js'
import { adjustSharpness } from '../transforms/sharpness.js'
import { solarize } from '../transforms/solarize.js'
import { solarizeAdd } from './solarize-add.js'

/** Changes an image by a magnitude, whose unit each operation says. */
type Operation = (image: Pixels, magnitude: number, warping: WarpOptions) => Pixels

const degrees = (slope: number) => (Math.atan(slope) * 180) / Math.PI

/** What learned and random policies are made of, by the papers' names in lower case. */
export const operations = {
  identity: (image) => image,
  /** Pixels along x for each pixel down. */
  'shear-x': (image, slope, warping) =>
    affine(image, { shear: [degrees(slope), 0], center: [0, 0] }, warping),
  /** Pixels along y for each pixel to the right. */
  'shear-y': (image, slope, warping) =>
    affine(image, { shear: [0, degrees(slope)], center: [0, 0] }, warping),
  /** Whole pixels to the right. */
  'translate-x': (image, pixels, warping) => affine(image, { translate: [Math.trunc(pixels), 0] }, warping),
  /** Whole pixels down. */
  'translate-y': (image, pixels, warping) => affine(image, { translate: [0, Math.trunc(pixels)] }, warping),
  /** Degrees counter-clockwise. */
  rotate,
  /** What the factor differs from 1 by. */
  brightness: (image, change) => adjustBrightness(image, 1 + change),
  color: (image, change) => adjustSaturation(image, 1 + change),
  contrast: (image, change) => adjustContrast(image, 1 + change),
  sharpness: (image, change) => adjustSharpness(image, 1 + change),
  /** Bits that are kept. */
  posterize,
  /** The byte from which on they are inverted. */
  solarize,
  /** What is added to bytes below 128. */
  'solarize-add': solarizeAdd,
  autocontrast,
  equalize,
  invert,
} as const satisfies Readonly<Record<string, Operation>>

export type OperationName = keyof typeof operations

export function operate(name: OperationName, image: Pixels, magnitude: number, warping: WarpOptions): Pixels {
  const operation: Operation = operations[name]
  return operation(image, magnitude, warping)
}
