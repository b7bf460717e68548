import type { ImageTransform } from '@convkit/core'
import { toGray } from '../pixels/luma.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Takes an image's colours away, a tenth of them by default: torchvision's `RandomGrayscale`. */
export function grayscale(options?: Chance): ImageTransform {
  return randomTransform({ name: 'grayscale', fields: {}, probability: 0.1, options, apply: toGray })
}
