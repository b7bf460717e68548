import type { ImageTransform, Pixels } from '@convkit/core'
import { mapChannels, tableOf } from '../pixels/tables.js'
import { number } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Square roots of the variances of ImageNet's RGB pixels, in [0, 1], along their principal components. */
const deviations = [0.2175, 0.0188, 0.0045] as const
/** The principal components: how red, green and blue change along each. */
const components = [
  [-0.5675, -0.5808, -0.5836],
  [0.7192, -0.0045, -0.6948],
  [0.4009, -0.814, 0.4203],
] as const

/** Adds multiples of the principal components of ImageNet's colours; to a grey image their luma. */
export function addLight(image: Pixels, multiples: readonly [number, number, number]): Pixels {
  const added = [0, 1, 2].map(
    (channel) =>
      255 *
      multiples.reduce(
        (sum, multiple, i) =>
          sum + multiple * (deviations[i] as number) * (components[i]?.[channel] as number),
        0,
      ),
  ) as [number, number, number]
  const [red, green, blue] = added
  const shifts = image.channels === 1 ? [0.299 * red + 0.587 * green + 0.114 * blue] : added
  return mapChannels(
    image,
    shifts.map((shift) => tableOf((byte) => Math.round(byte + shift))),
  )
}

export interface LightingOptions extends Chance {
  /** Standard deviation of the multiples; 0.1 by default. */
  readonly deviation?: number
}

/** PCA lighting noise (Krizhevsky et al. 2012, section 4.1). */
export function lighting(options?: LightingOptions): ImageTransform {
  return randomTransform<LightingOptions>({
    name: 'lighting',
    fields: { deviation: number(0.1, 0) },
    options,
    apply: (image, { deviation }, draws) =>
      addLight(image, [deviation * draws.normal(), deviation * draws.normal(), deviation * draws.normal()]),
  })
}
