import type { Crop, ImageExtent, Pixels } from '@convkit/core'
import { decodeJpeg, type JpegShrink } from '../jpeg/decode-jpeg.js'
import { jpegHeader } from '../jpeg/jpeg-header.js'
import { formatOf, isCutOff } from './image-format.js'
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
 * Decodes an image whose header was read, at 1/`shrink` of its size, or a part of it in pixels of that size. The usual
 * kinds of JPEG take a third of the time that libvips takes, which decodes all others, to the same pixels.
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
  const pixels = decodePlain(await source.bytes(), shrink, part)
  if (pixels) return pixels
  if (shrink === 1) return decode(await loaded(source), options, part)
  // libvips reads its loader's options off the end of a name; sharp has no other way to shrink by so much and no more
  const image = openImage(`${source.file}[shrink=${shrink}]`, options).autoOrient()
  return explained(source, () => pixelsOf(part ? image.extract(part) : image))
}

/** Undefined where libvips must decode. All of an image comes in memory that threads share, as it is kept. */
function decodePlain(bytes: Uint8Array, shrink: JpegShrink, part?: Crop): Pixels | undefined {
  const found = formatOf(bytes)
  if (!('format' in found) || found.format !== 'jpeg' || isCutOff(bytes)) return undefined
  const header = jpegHeader(bytes)
  if (!header) return undefined
  if (part) return decodeJpeg(bytes, header, shrink, part)
  const all = { left: 0, top: 0, ...shrunkSize(header, shrink) }
  return decodeJpeg(bytes, header, shrink, all, (length) => new Uint8Array(new SharedArrayBuffer(length)))
}
