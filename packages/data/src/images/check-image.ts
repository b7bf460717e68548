import { type ImageHeader, imageHeader } from './image-header.js'
import type { ImageSource } from './image-source.js'
import { type ImageOptions, openImage } from './open-image.js'
import { explained } from './unreadable.js'

/**
 * Reads a file to its end without keeping its pixels. JPEGs are decoded at an eighth of their size, which still
 * meets every byte.
 *
 * @throws E_IMAGE naming the file and the reason, when it cannot be read.
 */
export async function checkImage(source: ImageSource, options: ImageOptions = {}): Promise<ImageHeader> {
  const header = await imageHeader(source, options)
  const bytes = await source.bytes()
  await explained(source, () =>
    openImage(bytes, options).resize(8, 8, { fit: 'fill', kernel: 'linear' }).raw().toBuffer(),
  )
  return header
}
