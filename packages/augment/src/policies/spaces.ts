import type { Pixels } from '@convkit/core'
import type { Draws } from '../shared/draws.js'
import type { OperationName } from './operations.js'

/** How large an operation's magnitude is at a level in [0, 1], for an image. */
export interface Strength {
  readonly magnitude: (level: number, image: Pixels) => number
  /** Whether it goes in both directions, each as often. */
  readonly isSigned?: boolean
}

/** Operations to draw from, with their strengths. */
export type Space = Readonly<Partial<Record<OperationName, Strength>>>

const none: Strength = { magnitude: () => 0 }
const signed = (most: number): Strength => ({ magnitude: (level) => most * level, isSigned: true })
/** Bits from 8 at level 0 on; those that go are rounded. */
const bits = (from: number, gone: number): Strength => ({
  magnitude: (level) => from - Math.round(gone * level),
})
const threshold: Strength = { magnitude: (level) => 255 * (1 - level) }
const alongX = (share: number): Strength => ({
  magnitude: (level, { width }) => share * width * level,
  isSigned: true,
})
const alongY = (share: number): Strength => ({
  magnitude: (level, { height }) => share * height * level,
  isSigned: true,
})

/** The paper's 150 pixels of its images' 331. */
const farthest = 150 / 331

/** Of AutoAugment (Cubuk et al. 2019, table 6). */
export const autoAugmentSpace = {
  'shear-x': signed(0.3),
  'shear-y': signed(0.3),
  'translate-x': alongX(farthest),
  'translate-y': alongY(farthest),
  rotate: signed(30),
  brightness: signed(0.9),
  color: signed(0.9),
  contrast: signed(0.9),
  sharpness: signed(0.9),
  posterize: bits(8, 4),
  solarize: threshold,
  autocontrast: none,
  equalize: none,
  invert: none,
} as const satisfies Space

/** Of RandAugment (Cubuk et al. 2020), with torchvision's strengths. */
export const randAugmentSpace: Space = (({ invert: _, ...others }) => ({ identity: none, ...others }))(
  autoAugmentSpace,
)

/**
 * timm's "increasing" strengths for RandAugment, as training recipes of ResNet strikes back have them (Wightman et al. 2021):
 * all operations are stronger at a higher level.
 */
export const increasingSpace: Space = {
  autocontrast: none,
  equalize: none,
  invert: none,
  rotate: signed(30),
  posterize: { magnitude: (level) => 4 - Math.trunc(4 * level) },
  solarize: { magnitude: (level) => 256 - Math.trunc(256 * level) },
  'solarize-add': { magnitude: (level) => Math.min(128, Math.trunc(110 * level)) },
  color: signed(0.9),
  contrast: signed(0.9),
  brightness: signed(0.9),
  sharpness: signed(0.9),
  'shear-x': signed(0.3),
  'shear-y': signed(0.3),
  'translate-x': alongX(0.45),
  'translate-y': alongY(0.45),
}

const trivialTranslation: Strength = { magnitude: (level) => 32 * level, isSigned: true }

/** The wide space of TrivialAugment (Müller and Hutter 2021, table 1). */
export const wideSpace: Space = {
  identity: none,
  'shear-x': signed(0.99),
  'shear-y': signed(0.99),
  'translate-x': trivialTranslation,
  'translate-y': trivialTranslation,
  rotate: signed(135),
  brightness: signed(0.99),
  color: signed(0.99),
  contrast: signed(0.99),
  sharpness: signed(0.99),
  posterize: bits(8, 6),
  solarize: threshold,
  autocontrast: none,
  equalize: none,
}

/** Of AugMix (Hendrycks et al. 2020), with torchvision's strengths; corruptions of benchmarks are not in it. */
export const augMixSpace: Space = {
  'shear-x': signed(0.3),
  'shear-y': signed(0.3),
  'translate-x': alongX(1 / 3),
  'translate-y': alongY(1 / 3),
  rotate: signed(30),
  posterize: bits(4, 4),
  solarize: threshold,
  autocontrast: none,
  equalize: none,
}

/** The corruptions that AugMix leaves out unless they are asked for. */
export const augMixCorruptions: Space = {
  brightness: signed(0.9),
  color: signed(0.9),
  contrast: signed(0.9),
  sharpness: signed(0.9),
}

/** The magnitude of an operation of a space at a level, in a drawn direction. */
export function drawMagnitude(
  { magnitude, isSigned = false }: Strength,
  level: number,
  image: Pixels,
  draws: Draws,
): number {
  const size = magnitude(level, image)
  return isSigned && draws.chance(0.5) ? -size : size
}
