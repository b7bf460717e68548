import type { ImageTransform, Pixels } from '@convkit/core'
import { mapBytes, tableOf } from '../pixels/tables.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** The negative. */
export function invert(image: Pixels): Pixels {
  return mapBytes(
    image,
    tableOf((byte) => 255 - byte),
  )
}

/** Inverts every second image by default: torchvision's `RandomInvert`. */
export function randomInvert(options?: Chance): ImageTransform {
  return randomTransform({ name: 'invert', fields: {}, probability: 0.5, options, apply: invert })
}
