import type { ImageTransform, Pixels } from '@convkit/core'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Left and right swapped. */
export function flipHorizontally(image: Pixels): Pixels {
  const { height, width, channels, data } = image
  const flipped = new Uint8Array(data.length)
  const rowLength = width * channels
  for (let row = 0; row < data.length; row += rowLength) {
    for (let from = row, to = row + rowLength - channels; to >= row; from += channels, to -= channels) {
      flipped[to] = data[from] as number
      if (channels === 1) continue
      flipped[to + 1] = data[from + 1] as number
      flipped[to + 2] = data[from + 2] as number
    }
  }
  return { height, width, channels, data: flipped }
}

/** Top and bottom swapped. */
export function flipVertically(image: Pixels): Pixels {
  const { height, width, channels, data } = image
  const flipped = new Uint8Array(data.length)
  const rowLength = width * channels
  for (let y = 0; y < height; y++) {
    flipped.set(data.subarray(y * rowLength, (y + 1) * rowLength), (height - 1 - y) * rowLength)
  }
  return { height, width, channels, data: flipped }
}

/** Mirrors images from left to right, every second one by default. */
export function horizontalFlip(options?: Chance): ImageTransform {
  const apply = flipHorizontally
  return randomTransform({ name: 'horizontal-flip', fields: {}, probability: 0.5, options, apply })
}

/** Turns images upside down in a mirror, every second one by default. */
export function verticalFlip(options?: Chance): ImageTransform {
  const apply = flipVertically
  return randomTransform({ name: 'vertical-flip', fields: {}, probability: 0.5, options, apply })
}
