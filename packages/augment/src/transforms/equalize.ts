import type { ImageTransform, Pixels } from '@convkit/core'
import { histograms, mapChannels, tableOf } from '../pixels/tables.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** All levels of each colour as often: PIL's `ImageOps.equalize`. */
export function equalize(image: Pixels): Pixels {
  return mapChannels(image, histograms(image).map(equalizing))
}

function equalizing(counts: Uint32Array): Uint8Array {
  const present = counts.filter((count) => count > 0)
  const total = present.reduce((sum, count) => sum + count, 0)
  const step = Math.floor((total - (present.at(-1) ?? 0)) / 255)
  if (present.length <= 1 || step === 0) return tableOf((byte) => byte)
  let reached = Math.floor(step / 2)
  return tableOf((byte) => {
    const level = Math.floor(reached / step)
    reached += counts[byte] as number
    return level
  })
}

/** Equalizes every second image by default: torchvision's `RandomEqualize`. */
export function randomEqualize(options?: Chance): ImageTransform {
  return randomTransform({ name: 'equalize', fields: {}, probability: 0.5, options, apply: equalize })
}
