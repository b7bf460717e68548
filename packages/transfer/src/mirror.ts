import type { Batch } from '@convkit/core'

/** A batch's images with left and right swapped. */
export function mirrored({
  images,
  width,
  channels,
}: Pick<Batch, 'images' | 'width' | 'channels'>): Uint8Array {
  const out = new Uint8Array(images.length)
  const rowLength = width * channels
  for (let row = 0; row < images.length; row += rowLength) {
    for (let x = 0; x < rowLength; x += channels) {
      const from = row + rowLength - channels - x
      for (let channel = 0; channel < channels; channel++) {
        out[row + x + channel] = images[from + channel] as number
      }
    }
  }
  return out
}
