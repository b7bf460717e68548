import type { ImageTransform } from '@convkit/core'
import type { WarpOptions } from '../pixels/warp.js'
import { choice, number, probability, whole } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'
import { type OperationName, operate } from './operations.js'
import { drawMagnitude, increasingSpace, randAugmentSpace, type Space, type Strength } from './spaces.js'
import { policyWarping } from './warping.js'

export interface RandAugmentOptions extends Chance, WarpOptions {
  /** For each image; 2 by default. */
  readonly operations?: number
  /** From 0 to 30; 9 by default. timm's m7 is 21. */
  readonly magnitude?: number
  /** Standard deviation of the magnitude, on the same scale; 0 by default. */
  readonly magnitudeDeviation?: number
  /** How often each operation is carried out; 1 by default, 0.5 in timm. */
  readonly operationProbability?: number
  /** `standard`, torchvision's and the default, or timm's `increasing`. */
  readonly space?: 'standard' | 'increasing'
}

/** The highest magnitude. */
const highest = 30

/** Some operations of one magnitude, drawn with repetition (Cubuk et al. 2020, "RandAugment"). */
export function randAugment(options?: RandAugmentOptions): ImageTransform {
  return randomTransform<RandAugmentOptions>({
    name: 'rand-augment',
    fields: {
      operations: whole(2, 0),
      magnitude: number(9, 0, highest),
      magnitudeDeviation: number(0, 0),
      operationProbability: probability(1),
      space: choice('standard', ['standard', 'increasing']),
      ...policyWarping,
    },
    options,
    apply(image, settings, draws) {
      const { operations, magnitude, magnitudeDeviation, operationProbability, space, ...warping } = settings
      const listed = entriesOf(space === 'increasing' ? increasingSpace : randAugmentSpace)
      let augmented = image
      for (let i = 0; i < operations; i++) {
        const [name, strength] = draws.pick(listed)
        if (!draws.chance(operationProbability)) continue
        const drawn = magnitudeDeviation > 0 ? magnitude + magnitudeDeviation * draws.normal() : magnitude
        const level = Math.max(0, Math.min(highest, drawn)) / highest
        augmented = operate(name, augmented, drawMagnitude(strength, level, augmented, draws), warping)
      }
      return augmented
    },
  })
}

export function entriesOf(space: Space): [OperationName, Strength][] {
  return Object.entries(space) as [OperationName, Strength][]
}
