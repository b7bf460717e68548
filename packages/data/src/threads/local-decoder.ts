import { ConvkitError, cropPixels, type Pixels } from '@convkit/core'
import { readHeader } from '../images/image-header.js'
import { blockingFileSource, type ImageSource, loaded } from '../images/image-source.js'
import type { ImageOptions } from '../images/open-image.js'
import { decodePlain, decodeShrunk } from '../images/shrunk-image.js'
import { type JpegHeader, jpegHeader } from '../jpeg/jpeg-header.js'
import type { Decoder, FileTask, PixelsTask, SentSource } from './decoder.js'

/** A file in memory, and its header where it is a plain JPEG. */
interface OpenImage {
  readonly source: ImageSource
  readonly jpeg: JpegHeader | undefined
}

/** A decoder that works in the thread that it is made in, which is blocked meanwhile. */
export function localDecoder(): Decoder {
  const opened = new Map<number, OpenImage>()
  let tickets = 0
  const imageOf = async ({ source, ...options }: FileTask): Promise<OpenImage> => {
    if (!('ticket' in source)) {
      const image = await loaded(received(source, options))
      return { source: image, jpeg: jpegHeader(await image.bytes()) }
    }
    const image = opened.get(source.ticket)
    if (!image) throw new ConvkitError('E_IMAGE', `No image has the ticket ${source.ticket}`)
    opened.delete(source.ticket)
    return image
  }
  return {
    async header({ source, ...options }) {
      const image = await loaded(received(source, options))
      const { header, jpeg } = await readHeader(image, options)
      const ticket = tickets++
      opened.set(ticket, { source: image, jpeg })
      return { header, ticket }
    },
    async cropFile(task) {
      const { shrink, part } = task
      const { source, jpeg } = await imageOf(task)
      const bytes = await source.bytes()
      // Nothing is waited for between a plain image and its use, so no other one overwrites it
      const pixels =
        decodePlain(bytes, jpeg, shrink, part) ?? (await decodeShrunk(source, shrink, task, part))
      scale({ ...task, pixels })
      return part ? undefined : shared(pixels)
    },
    async cropPixels(task) {
      scale(task)
    },
    release: (ticket) => {
      opened.delete(ticket)
    },
  }
}

function received(source: SentSource, options: ImageOptions): ImageSource {
  if ('file' in source) return blockingFileSource(source.file, options)
  const { name, bytes } = source
  return { name, bytes: () => bytes }
}

function scale({ pixels, crop, preprocessing, into }: PixelsTask): void {
  const { data } = cropPixels(pixels, crop, preprocessing, into)
  if (data !== into) into.set(data)
}

/** A copy of pixels in memory that other threads see too. */
function shared(pixels: Pixels): Pixels {
  const data = new Uint8Array(new SharedArrayBuffer(pixels.data.length))
  data.set(pixels.data)
  return { ...pixels, data }
}
