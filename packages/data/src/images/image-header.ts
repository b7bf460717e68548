import type { ImageExtent } from '@convkit/core'
import { type JpegHeader, jpegHeader } from '../jpeg/jpeg-header.js'
import { formatOf } from './image-format.js'
import type { ImageSource } from './image-source.js'
import { plainJpegSize } from './jpeg-size.js'
import { type ImageOptions, megapixelLimit, openImage } from './open-image.js'
import { explained, unreadable } from './unreadable.js'

/** What an image file says of itself. */
export interface ImageHeader {
  /** Pixels once its EXIF orientation is applied. */
  readonly height: number
  readonly width: number
  /** Such as `jpeg`. */
  readonly format: string
}

/**
 * Reads an image's header only. What is no photo by its first bytes is not given to a decoder: libvips would render
 * drawings and documents that are named `.jpg`.
 *
 * @throws E_IMAGE when it is no image, none of a supported format, or larger than `maxMegapixels`.
 */
export async function imageHeader(source: ImageSource, options: ImageOptions = {}): Promise<ImageHeader> {
  return (await readHeader(source, options)).header
}

/** An image's header, and what the decoder of plain JPEGs needs to know of one. @throws as {@link imageHeader}. */
export async function readHeader(
  source: ImageSource,
  options: ImageOptions,
): Promise<{ readonly header: ImageHeader; readonly jpeg: JpegHeader | undefined }> {
  const bytes = await source.bytes()
  const found = formatOf(bytes)
  if ('not' in found) throw unreadable(source, `is ${found.not}`)
  const jpeg = jpegHeader(bytes)
  const size = jpeg ?? (found.format === 'jpeg' ? plainJpegSize(bytes) : undefined)
  const { height, width } = size ?? (await explained(source, () => uprightSize(bytes)))
  if (height < 1 || width < 1) throw unreadable(source, 'has no pixels')
  const limit = megapixelLimit(options)
  const megapixels = (height * width) / 1e6
  if (megapixels > limit) {
    throw unreadable(
      source,
      `has ${Math.round(megapixels * 10) / 10} megapixels, more than the limit of ${limit}`,
    )
  }
  return { header: { height, width, format: found.format }, jpeg }
}

async function uprightSize(bytes: Uint8Array): Promise<ImageExtent> {
  const {
    height,
    width,
    orientation = 1,
  } = await openImage(bytes, {
    maxMegapixels: Number.POSITIVE_INFINITY,
  }).metadata()
  // Not `autoOrient` of sharp: it turns orientations that there are not, which the decoder leaves as they are
  const isTurned = orientation >= 5 && orientation <= 8
  return isTurned ? { height: width, width: height } : { height, width }
}
