import { type Pixels, type Region, toChannels } from '@convkit/core'
import type { Sharp } from 'sharp'
import { imageHeader } from './image-header.js'
import { type ImageInput, type ImageSource, loaded, sourceOf } from './image-source.js'
import { type ImageOptions, openImage } from './open-image.js'
import { explained } from './unreadable.js'

export interface ReadImageOptions extends ImageOptions {
  /** 3 for RGB (the default), 1 for grey. */
  readonly channels?: 1 | 3
}

/**
 * Decodes a JPEG, PNG, WebP, GIF, TIFF or AVIF from a path or from a file's bytes: `[height, width, channels]`.
 *
 * EXIF orientation is applied, CMYK becomes sRGB, 16 bits become 8, transparent pixels are laid on white, and of an
 * animation the first frame is taken. Colour profiles of RGB images are not applied, as in PIL.
 *
 * @throws E_IMAGE naming the file and the reason, when it cannot be read.
 */
export async function readImage(input: ImageInput, options: ReadImageOptions = {}): Promise<Pixels> {
  const source = await loaded(sourceOf(input, options))
  await imageHeader(source, options)
  return toChannels(await decode(source, options), options.channels ?? 3)
}

/** Decodes an image whose header was read, or a part of it in whole pixels, upright. @throws E_IMAGE. */
export async function decode(
  source: ImageSource,
  options: ImageOptions = {},
  part?: Region,
): Promise<Pixels> {
  const image = openImage(await source.bytes(), options).autoOrient()
  return explained(source, () => pixelsOf(part ? image.extract(part) : image))
}

/** Runs a pipeline → 8 bits a channel, grey or sRGB, without alpha. */
export async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    // not `toUint8Array`: sharp 0.35.5 never frees what it gives
    .toBuffer({ resolveWithObject: true })
  return { height: info.height, width: info.width, channels: info.channels === 1 ? 1 : 3, data }
}
