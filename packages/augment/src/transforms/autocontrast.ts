import type { ImageTransform, Pixels } from '@convkit/core'
import { histograms, mapChannels, tableOf } from '../pixels/tables.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Each colour stretched to all levels from 0 to 255: PIL's `ImageOps.autocontrast`. */
export function autocontrast(image: Pixels): Pixels {
  return mapChannels(image, histograms(image).map(stretching))
}

function stretching(counts: Uint32Array): Uint8Array {
  const lowest = counts.findIndex((count) => count > 0)
  const highest = counts.findLastIndex((count) => count > 0)
  if (highest <= lowest) return tableOf((byte) => byte)
  const scale = 255 / (highest - lowest)
  const offset = -lowest * scale
  return tableOf((byte) => byte * scale + offset)
}

/** Stretches the contrast of every second image by default: torchvision's `RandomAutocontrast`. */
export function randomAutocontrast(options?: Chance): ImageTransform {
  return randomTransform({ name: 'autocontrast', fields: {}, probability: 0.5, options, apply: autocontrast })
}
