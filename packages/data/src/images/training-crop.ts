import type { Crop, ImageExtent, Pixels, Preprocessing } from '@convkit/core'
import type { CroppedPixels } from '../dataset/define-dataset.js'
import type { DecodedCache } from './decoded-cache.js'
import type { ImageHeader } from './image-header.js'
import { type ImageSource, loaded } from './image-source.js'
import { type ImageOptions, openImage } from './open-image.js'
import { decode, pixelsOf } from './read-image.js'
import { explained } from './unreadable.js'

/** An image that crops are taken of. */
export interface CropSource extends ImageOptions {
  readonly source: ImageSource
  readonly header: ImageHeader
  /** Where the image's pixels are kept from one crop to the next, and their key. */
  readonly cache?: DecodedCache
  readonly key: number
}

/**
 * Decodes a crop. A JPEG is decoded at ½, ¼ or ⅛ of its size as far as the crop still has the output's size then.
 *
 * That depends on the crop alone, and the cache holds an image at each of these sizes; so what is kept changes no
 * pixel. Without a cache, or where it is full, no more than the crop is kept in memory.
 *
 * @throws E_IMAGE when it cannot be read.
 */
export async function decodeCrop(
  { source, header, cache, key, ...options }: CropSource,
  whole: Crop,
  output: ImageExtent,
  interpolation: Preprocessing['interpolation'],
): Promise<CroppedPixels> {
  const canShrink = header.format === 'jpeg' && source.file !== undefined && interpolation !== 'nearest'
  const shrink = canShrink ? shrinkFor(whole, output) : 1
  const size = { height: Math.floor(header.height / shrink), width: Math.floor(header.width / shrink) }
  const crop = shrunkCrop(whole, shrink, size)
  const cacheKey = `${key}/${shrink}`
  const kept = await cache?.get(cacheKey)
  if (kept) return { pixels: kept, crop }
  if (cache?.takes(size.height * size.width * 3)) {
    const pixels = await decodeShrunk(source, shrink, options)
    await cache.put(cacheKey, pixels)
    return { pixels, crop }
  }
  const touched = touchedPixels(crop, size)
  const pixels = await decodeShrunk(source, shrink, options, touched)
  return { pixels, crop: { ...crop, left: crop.left - touched.left, top: crop.top - touched.top } }
}

/** By how much libjpeg may shrink: to no less than the output. */
function shrinkFor({ height, width }: Crop, output: ImageExtent): 1 | 2 | 4 | 8 {
  const reduction = Math.min(height / output.height, width / output.width)
  return ([8, 4, 2] as const).find((shrink) => reduction >= shrink) ?? 1
}

/** A crop in the pixels of the shrunk image, which lacks the rest of a division. */
function shrunkCrop({ left, top, width, height, ...others }: Crop, shrink: number, size: ImageExtent): Crop {
  const [x, y] = [left / shrink, top / shrink]
  return {
    ...others,
    left: x,
    top: y,
    width: Math.min(width / shrink, size.width - x),
    height: Math.min(height / shrink, size.height - y),
  }
}

function touchedPixels({ left, top, width, height }: Crop, size: ImageExtent): Crop {
  const [x, y] = [Math.floor(left), Math.floor(top)]
  return {
    left: x,
    top: y,
    width: Math.min(size.width, Math.ceil(left + width)) - x,
    height: Math.min(size.height, Math.ceil(top + height)) - y,
  }
}

async function decodeShrunk(
  source: ImageSource,
  shrink: number,
  options: ImageOptions,
  part?: Crop,
): Promise<Pixels> {
  if (shrink === 1) return decode(await loaded(source), options, part)
  // libvips reads its loader's options off the end of a name; sharp has no other way to shrink by so much and no more
  const image = openImage(`${source.file}[shrink=${shrink}]`, options).autoOrient()
  return explained(source, () => pixelsOf(part ? image.extract(part) : image))
}
