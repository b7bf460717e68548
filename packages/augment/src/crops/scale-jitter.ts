import type { ImageExtent, RandomCrop } from '@convkit/core'
import { ConvkitError } from '@convkit/core'
import { drawsOf } from '../shared/draws.js'
import { choice, type Range, range, readOptions, whole } from '../shared/options.js'

export interface ScaleJitterOptions {
  /** Pixels that the shorter side is scaled to; [256, 512] by default. */
  readonly shorterSide?: Range
  /** The crop that those are for; 224 by default. A network with another input takes both in proportion. */
  readonly cropSize?: number
  /** Where the crop may lie: in the whole `image`, the default, or in the `square` in its middle. */
  readonly within?: 'image' | 'square'
}

/**
 * Scales the shorter side to a length from a range, and takes a part of the network's input size (Simonyan and Zisserman
 * 2015, section 3.1: scale jittering).
 *
 * @throws E_OPTION.
 */
export function scaleJitter(options?: ScaleJitterOptions): RandomCrop {
  const { shorterSide, cropSize, within } = readOptions<ScaleJitterOptions>(
    'scale-jitter',
    {
      shorterSide: range([256, 512], 1),
      cropSize: whole(224, 1),
      within: choice('image', ['image', 'square']),
    },
    options,
  )
  const [lowest, highest] = shorterSide
  if (lowest < cropSize) {
    throw new ConvkitError(
      'E_OPTION',
      `shorterSide of scale-jitter must begin at cropSize, ${cropSize}, or above, got ${lowest}`,
    )
  }
  return (image, output, random) => {
    const draws = drawsOf(random)
    const scaledSide = lowest + draws.whole(highest - lowest + 1)
    const side = Math.min(image.height, image.width)
    // Pixels of the image for one of the output
    const step = Math.min(
      (side / scaledSide) * (cropSize / Math.min(output.height, output.width)),
      image.height / output.height,
      image.width / output.width,
    )
    const height = Math.max(1, Math.round(output.height * step))
    const width = Math.max(1, Math.round(output.width * step))
    const area: ImageExtent = within === 'square' ? { height: side, width: side } : image
    const place = (whole: number, part: number, crop: number) => {
      const start = Math.floor((whole - part) / 2) + draws.whole(Math.max(0, part - crop) + 1)
      return Math.max(0, Math.min(whole - crop, start))
    }
    const top = place(image.height, area.height, height)
    return { left: place(image.width, area.width, width), top, width, height }
  }
}
