import type { ImageTransform, Pixels } from '@convkit/core'
import { choice, type Fill, fillColor, whole } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

export interface PaddedCropOptions extends Chance {
  /** Pixels on each side; 4 by default. */
  readonly padding?: number
  /** One colour, the default, or the image mirrored at its border. */
  readonly mode?: 'constant' | 'reflect'
  /** The colour; 0, black, by default. */
  readonly fill?: Fill
}

/** The image moved by whole pixels, down and to the right; what comes in is `fill`, or the image mirrored. */
export function shift(
  image: Pixels,
  down: number,
  right: number,
  { mode = 'constant', fill = 0 }: Pick<PaddedCropOptions, 'mode' | 'fill'> = {},
): Pixels {
  const { height, width, channels, data } = image
  const shifted = new Uint8Array(data.length)
  const levels = typeof fill === 'number' ? [fill, fill, fill] : fill
  for (let y = 0, at = 0; y < height; y++) {
    const row = sourceOf(y - down, height, mode)
    for (let x = 0; x < width; x++, at += channels) {
      const column = sourceOf(x - right, width, mode)
      const from = (row * width + column) * channels
      const isOutside = row < 0 || column < 0
      for (let c = 0; c < channels; c++) {
        shifted[at + c] = (isOutside ? levels[c] : data[from + c]) as number
      }
    }
  }
  return { ...image, data: shifted }
}

/** The position that a position shows; −1 for none. The border itself is not repeated. */
function sourceOf(position: number, size: number, mode: 'constant' | 'reflect'): number {
  if (position >= 0 && position < size) return position
  if (mode === 'constant' || size === 1) return mode === 'constant' ? -1 : 0
  const period = 2 * (size - 1)
  const folded = ((position % period) + period) % period
  return folded < size ? folded : period - folded
}

/**
 * Pads the image and crops it to its size again, anywhere (He et al. 2016, section 4.2: 4 pixels a side on CIFAR);
 * torchvision's `RandomCrop` with padding.
 */
export function paddedCrop(options?: PaddedCropOptions): ImageTransform {
  return randomTransform<PaddedCropOptions>({
    name: 'padded-crop',
    fields: {
      padding: whole(4, 0),
      mode: choice('constant', ['constant', 'reflect']),
      fill: fillColor(0),
    },
    options,
    apply(image, { padding, ...border }, draws) {
      const down = padding - draws.whole(2 * padding + 1)
      return shift(image, down, padding - draws.whole(2 * padding + 1), border)
    },
  })
}
