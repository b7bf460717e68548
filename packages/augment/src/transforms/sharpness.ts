import type { ImageTransform, Pixels } from '@convkit/core'
import { blend } from '../pixels/blend.js'
import { numberOrRange, type Range } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** The smoothed image at 0, the image itself at 1, sharper above: PIL's `ImageEnhance.Sharpness`. */
export function adjustSharpness(image: Pixels, factor: number): Pixels {
  return blend(smooth(image), image, factor)
}

/** Means of 3 × 3 pixels in which the middle one counts five times; the border stays as it is. */
function smooth({ height, width, channels, data }: Pixels): Pixels {
  const smoothed = new Uint8Array(data)
  const rowLength = width * channels
  for (let y = 1; y < height - 1; y++) {
    const end = (y + 1) * rowLength - channels
    for (let i = y * rowLength + channels; i < end; i++) {
      const [above, below] = [i - rowLength, i + rowLength]
      const sum =
        (data[above - channels] as number) +
        (data[above] as number) +
        (data[above + channels] as number) +
        (data[i - channels] as number) +
        5 * (data[i] as number) +
        (data[i + channels] as number) +
        (data[below - channels] as number) +
        (data[below] as number) +
        (data[below + channels] as number)
      smoothed[i] = sum / 13 + 0.5
    }
  }
  return { height, width, channels, data: smoothed }
}

export interface SharpnessOptions extends Chance {
  /** Or the range to draw it from; 2 by default. */
  readonly factor?: number | Range
}

/** Sharpens or softens images, every second one by default: torchvision's `RandomAdjustSharpness`. */
export function sharpness(options?: SharpnessOptions): ImageTransform {
  return randomTransform<SharpnessOptions>({
    name: 'sharpness',
    fields: { factor: numberOrRange(2, 0) },
    probability: 0.5,
    options,
    apply: (image, { factor }, draws) =>
      adjustSharpness(image, typeof factor === 'number' ? factor : draws.uniform(...factor)),
  })
}
