import type { ImageTransform, Pixels } from '@convkit/core'
import { mapBytes, tableOf } from '../pixels/tables.js'
import { number } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Bytes from the threshold on are inverted. */
export function solarize(image: Pixels, threshold: number): Pixels {
  return mapBytes(
    image,
    tableOf((byte) => (byte < threshold ? byte : 255 - byte)),
  )
}

export interface SolarizeOptions extends Chance {
  /** 128 by default. */
  readonly threshold?: number
}

/** Inverts what is bright, in every second image by default: torchvision's `RandomSolarize`. */
export function randomSolarize(options?: SolarizeOptions): ImageTransform {
  return randomTransform<SolarizeOptions>({
    name: 'solarize',
    fields: { threshold: number(128, 0, 256) },
    probability: 0.5,
    options,
    apply: (image, { threshold }) => solarize(image, threshold),
  })
}
