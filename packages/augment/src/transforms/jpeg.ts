import type { ImageTransform, Pixels } from '@convkit/core'
import sharp from 'sharp'
import { numberOrRange, type Range } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** The image as it comes back from a JPEG file of this quality, 1 to 100, with halved colour resolution. */
export async function jpeg({ height, width, channels, data }: Pixels, quality: number): Promise<Pixels> {
  const file = await sharp(data, { raw: { height, width, channels } })
    .jpeg({ quality, chromaSubsampling: '4:2:0' })
    .toBuffer()
  const decoded = await sharp(file)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer()
  return { height, width, channels, data: decoded }
}

export interface JpegOptions extends Chance {
  /** Or the range to draw it from; [50, 95] by default. */
  readonly quality?: number | Range
}

/** The artefacts of JPEG: torchvision's `JPEG`. */
export function jpegArtifacts(options?: JpegOptions): ImageTransform {
  return randomTransform<JpegOptions>({
    name: 'jpeg',
    fields: { quality: numberOrRange([50, 95], 1, 100) },
    options,
    apply(image, { quality }, draws) {
      const [low, high]: Range = typeof quality === 'number' ? [quality, quality] : quality
      return jpeg(image, Math.round(low) + draws.whole(Math.round(high) - Math.round(low) + 1))
    },
  })
}
