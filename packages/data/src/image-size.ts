import { type ImageInput, type ImageOptions, openImage } from './open-image.js'
import { explained, unreadable } from './unreadable.js'

/** Pixels of an image once its EXIF orientation is applied. */
export interface ImageSize {
  readonly height: number
  readonly width: number
}

const supported = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'])

/**
 * Reads an image's header only.
 *
 * @throws E_IMAGE when it is no image, none of a supported format, or larger than `maxMegapixels`.
 */
export async function imageSize(input: ImageInput, options: ImageOptions = {}): Promise<ImageSize> {
  const limit = options.maxMegapixels ?? 100
  const header = await explained(input, () =>
    openImage(input, { maxMegapixels: Number.POSITIVE_INFINITY }).metadata(),
  )
  const { height, width } = header.autoOrient
  // libvips goes by content: a drawing or a document named .jpg would be rendered
  if (!supported.has(header.format)) throw unreadable(input, `is not a photo but a ${header.format} file`)
  const megapixels = (height * width) / 1e6
  if (megapixels > limit) {
    throw unreadable(
      input,
      `has ${Math.round(megapixels * 10) / 10} megapixels, more than the limit of ${limit}`,
    )
  }
  return { height, width }
}
