import type { ImageTransform, Pixels } from '@convkit/core'
import { mapBytes, tableOf } from '../pixels/tables.js'
import { whole } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Only the highest bits of each byte, 0 to 8 of them. */
export function posterize(image: Pixels, bits: number): Pixels {
  const kept = 256 - 2 ** (8 - bits)
  return mapBytes(
    image,
    tableOf((byte) => byte & kept),
  )
}

export interface PosterizeOptions extends Chance {
  /** 4 by default. */
  readonly bits?: number
}

/** Fewer levels of each colour, in every second image by default: torchvision's `RandomPosterize`. */
export function randomPosterize(options?: PosterizeOptions): ImageTransform {
  return randomTransform<PosterizeOptions>({
    name: 'posterize',
    fields: { bits: whole(4, 0, 8) },
    probability: 0.5,
    options,
    apply: (image, { bits }) => posterize(image, bits),
  })
}
