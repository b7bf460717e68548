import type { Crop, ImageExtent, Preprocessing } from '@convkit/core'
import type { ChooseCrop } from '../dataset/define-dataset.js'
import type { JpegShrink } from '../jpeg/decode-jpeg.js'
import type { Decoder, FileTask, ScaleTask, SentSource } from '../threads/decoder.js'
import { nextDecoder } from '../threads/decoding-threads.js'
import type { DecodedCache } from './decoded-cache.js'
import type { ImageHeader } from './image-header.js'
import type { ImageSource } from './image-source.js'
import type { ImageOptions } from './open-image.js'
import { shrunkSize } from './shrunk-image.js'
import { unreadable } from './unreadable.js'

/** An image that crops are taken of. */
export interface CropSource extends ImageOptions {
  readonly source: ImageSource
  /** Its header, once that is known. */
  readonly header: ImageHeader | undefined
  /** Is told the header when it has been read. */
  readonly onHeader: (header: ImageHeader) => void
  /** Where the image's pixels are kept from one crop to the next, and their key. */
  readonly cache?: DecodedCache | undefined
  readonly key: number
}

/**
 * Decodes a crop and scales it to the input size, in a thread: written to `into`, which threads share. A JPEG is decoded at
 * ½, ¼ or ⅛ of its size as far as the crop still has the output's size then.
 *
 * That depends on the crop alone, and the cache holds an image at each of these sizes; so what is kept changes no
 * pixel. Without a cache, where it is full, for the first small crop of an image and for any of a large image, no more than
 * the crop is decoded.
 *
 * @throws E_IMAGE when it cannot be read.
 */
export async function trainingCrop(
  image: CropSource,
  choose: ChooseCrop,
  preprocessing: Preprocessing,
  into: Uint8Array,
): Promise<void> {
  const decoder = await nextDecoder()
  if (image.header) {
    const chosen = choose(image.header)
    return cropKnown(decoder, image, image.header, chosen, preprocessing, into)
  }
  const { source, maxMegapixels } = image
  const { header, ticket } = await decoder.header({ source: await sent(source), maxMegapixels })
  image.onHeader(header)
  try {
    await cropKnown(decoder, image, header, choose(header), preprocessing, into, { ticket })
  } finally {
    decoder.release(ticket)
  }
}

async function cropKnown(
  decoder: Decoder,
  { source, cache, key, maxMegapixels }: CropSource,
  header: ImageHeader,
  whole: Crop,
  preprocessing: Preprocessing,
  into: Uint8Array,
  opened?: { readonly ticket: number },
): Promise<void> {
  const { inputSize, channels } = preprocessing
  const interpolation = whole.interpolation ?? preprocessing.interpolation
  const canShrink = header.format === 'jpeg' && source.file !== undefined && interpolation !== 'nearest'
  const shrink = canShrink ? shrinkFor(whole, { height: inputSize[0], width: inputSize[1] }) : 1
  const size = shrunkSize(header, shrink)
  const crop = shrunkCrop(whole, shrink, size)
  const scaling: ScaleTask = { crop, preprocessing: { inputSize, channels, interpolation }, into }
  const cacheKey = `${key}/${shrink}`
  const kept = await cache?.get(cacheKey)
  if (kept) return decoder.cropPixels({ ...scaling, pixels: kept })
  const task: FileTask = { ...scaling, source: opened ?? (await sent(source)), shrink, maxMegapixels }
  const part = touchedPixels(crop, size)
  if (isWorthKeeping(size, part, !opened) && cache?.takes(size.height * size.width * 3)) {
    const pixels = await decoder.cropFile(task)
    if (pixels) await cache.put(cacheKey, pixels)
    return
  }
  const inside = { ...crop, left: crop.left - part.left, top: crop.top - part.top }
  await decoder.cropFile({ ...task, crop: inside, part })
}

/** Of more pixels than this, all are decoded only for a crop that has a good part of them. */
const largePixels = 2 ** 20

/**
 * Whether all of an image is decoded for later crops. Nobody knows how many of them there will be; so the first time no
 * more is risked than a crop costs anyway.
 */
function isWorthKeeping(size: ImageExtent, part: ImageExtent, wasSeen: boolean): boolean {
  const pixels = size.height * size.width
  const touched = part.height * part.width
  if (!wasSeen) return pixels <= 2 * touched
  return pixels <= largePixels || pixels <= 4 * touched
}

/** A source as another thread can read it: bytes that are nowhere on their own go with it, as a copy. */
async function sent(source: ImageSource): Promise<SentSource> {
  const { name, file } = source
  if (file !== undefined) return { name, file }
  const bytes = await source.bytes()
  if (bytes.length === 0) throw unreadable(source, 'is empty')
  return { name, bytes: Uint8Array.from(bytes) }
}

/** By how much libjpeg may shrink: to no less than the output. */
function shrinkFor({ height, width }: Crop, output: ImageExtent): JpegShrink {
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
