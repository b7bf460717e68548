import type { ImageTransform, Pixels } from '@convkit/core'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Left and right swapped. */
export function flipHorizontally(image: Pixels): Pixels {
  return mirrorInto(new Uint8Array(image.data.length), image)
}

/** Left and right swapped in memory of the image's size, which may be its own. */
function mirrorInto(into: Uint8Array, image: Pixels): Pixels {
  const { width, channels, data } = image
  const rowLength = width * channels
  for (let row = 0; row < data.length; row += rowLength) {
    for (let from = row, to = row + rowLength - channels; to >= from; from += channels, to -= channels) {
      for (let channel = 0; channel < channels; channel++) {
        const [left, right] = [data[from + channel] as number, data[to + channel] as number]
        into[from + channel] = right
        into[to + channel] = left
      }
    }
  }
  return { ...image, data: into }
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
  return randomTransform({
    name: 'horizontal-flip',
    fields: {},
    probability: 0.5,
    options,
    apply: (image, _, __, into) => mirrorInto(into ?? new Uint8Array(image.data.length), image),
  })
}

/** Turns images upside down in a mirror, every second one by default. */
export function verticalFlip(options?: Chance): ImageTransform {
  return randomTransform({
    name: 'vertical-flip',
    fields: {},
    probability: 0.5,
    options,
    apply: (image) => flipVertically(image),
  })
}
