import type { Crop, ImageExtent, Pixels } from '@convkit/core'
import { decodeJpeg, type JpegShrink } from '../jpeg/decode-jpeg.js'
import type { JpegHeader } from '../jpeg/jpeg-header.js'
import { isCutOff } from './image-format.js'
import { type ImageSource, loaded } from './image-source.js'
import { type ImageOptions, openImage } from './open-image.js'
import { decode, pixelsOf } from './read-image.js'
import { explained } from './unreadable.js'

/** The size of an image that is decoded at 1/`shrink`: libvips leaves the rest of a division out. */
export const shrunkSize = ({ height, width }: ImageExtent, shrink: JpegShrink): ImageExtent => ({
  height: Math.floor(height / shrink),
  width: Math.floor(width / shrink),
})

/**
 * The usual kinds of JPEG at 1/`shrink` of their size, or a part of one in pixels of that size, in a third of the time that
 * libvips takes; undefined for any other image. The next image that is decoded overwrites the pixels.
 */
export function decodePlain(
  bytes: Uint8Array,
  header: JpegHeader | undefined,
  shrink: JpegShrink,
  part?: Crop,
): Pixels | undefined {
  if (!header || isCutOff(bytes)) return undefined
  return decodeJpeg(bytes, header, shrink, part ?? { left: 0, top: 0, ...shrunkSize(header, shrink) })
}

/**
 * Any image whose header was read, by libvips: to the same pixels.
 *
 * @param shrink is 1 unless the source is a JPEG file.
 * @throws E_IMAGE when it cannot be read.
 */
export async function decodeShrunk(
  source: ImageSource,
  shrink: JpegShrink,
  options: ImageOptions,
  part?: Crop,
): Promise<Pixels> {
  if (shrink === 1) return decode(await loaded(source), options, part)
  // libvips reads its loader's options off the end of a name; sharp has no other way to shrink by so much and no more
  const image = openImage(`${source.file}[shrink=${shrink}]`, options).autoOrient()
  return explained(source, () => pixelsOf(part ? image.extract(part) : image))
}
