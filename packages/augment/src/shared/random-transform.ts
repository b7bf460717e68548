import type { ImageTransform, Pixels } from '@convkit/core'
import { type Draws, drawsOf } from './draws.js'
import { type Fields, probability, readOptions } from './options.js'

/** What every transform takes. */
export interface Chance {
  /** How often it is applied, from 0 to 1. */
  readonly probability?: number
}

export interface RandomTransformOptions<T extends Chance> {
  readonly name: string
  readonly fields: Omit<Fields<T>, 'probability'>
  /** The default of the option `probability`; 1 without it. */
  readonly probability?: number
  readonly options: T | undefined
  readonly apply: (
    image: Pixels,
    settings: Required<T>,
    draws: Draws,
    into: Uint8Array | undefined,
  ) => Pixels | Promise<Pixels>
}

/** A transform that is applied with a probability, its options read and checked. @throws E_OPTION. */
export function randomTransform<T extends Chance>(made: RandomTransformOptions<T>): ImageTransform {
  const { name, options, apply } = made
  const fields = { ...made.fields, probability: probability(made.probability ?? 1) } as Fields<T>
  const settings = readOptions(name, fields, options)
  const share = settings.probability ?? 1
  return {
    name,
    apply(image, random, into) {
      const draws = drawsOf(random)
      return draws.chance(share) ? apply(image, settings, draws, into) : image
    },
  }
}
