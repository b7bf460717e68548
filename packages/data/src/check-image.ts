import { type ImageSize, imageSize } from './image-size.js'
import { type ImageOptions, openImage } from './open-image.js'
import { explained } from './unreadable.js'

/**
 * Reads a file to its end without keeping its pixels. JPEGs are decoded at an eighth of their size, which still
 * meets every byte.
 *
 * @throws E_IMAGE naming the file and the reason, when it cannot be read.
 */
export async function checkImage(path: string, options: ImageOptions = {}): Promise<ImageSize> {
  const size = await imageSize(path, options)
  await explained(path, () =>
    openImage(path, options).resize(8, 8, { fit: 'fill', kernel: 'linear' }).raw().toBuffer(),
  )
  return size
}
