import { type ImageTransform, mirror, type Pixels } from '@convkit/core'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Left and right swapped. */
export function flipHorizontally(image: Pixels): Pixels {
  return mirror(image)
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
    apply: (image, _, __, into) => mirror(image, into),
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
