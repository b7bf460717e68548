import type { Crop, Pixels, Preprocessing } from '@convkit/core'
import type { ImageHeader } from '../images/image-header.js'
import type { ImageOptions } from '../images/open-image.js'
import type { JpegShrink } from '../jpeg/decode-jpeg.js'

/** An image file as it goes to another thread: a path, or bytes that the sender gives away. */
export type SentSource =
  | { readonly name: string; readonly file: string }
  | { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }

/** What is asked with a file whose header is not known. */
export interface HeaderTask extends ImageOptions {
  readonly source: SentSource
}

/** A header, and the ticket under which the file's bytes are kept until they are cropped or let go. */
export interface OpenedImage {
  readonly header: ImageHeader
  readonly ticket: number
}

/** How a crop becomes an input: the memory of `into` is shared between threads. */
export interface ScaleTask {
  /** In the pixels that it is taken from, which it may begin and end within. */
  readonly crop: Crop
  readonly preprocessing: Pick<Preprocessing, 'inputSize' | 'channels' | 'interpolation'>
  /** `[inputSize, channels]` */
  readonly into: Uint8Array
}

export interface PixelsTask extends ScaleTask {
  readonly pixels: Pixels
}

export interface FileTask extends ScaleTask, ImageOptions {
  /** A file, or the ticket of one that was opened. */
  readonly source: SentSource | { readonly ticket: number }
  /** JPEGs are decoded at 1/`shrink` of their size. */
  readonly shrink: JpegShrink
  /** What is decoded, in pixels of that size; all of it by default. */
  readonly part?: Crop
}

/** Reads image files and makes inputs of their crops: here or in another thread. All calls but `release` may throw E_IMAGE. */
export interface Decoder {
  header(task: HeaderTask): Promise<OpenedImage>
  /** Gives the whole image, in memory that threads share, where no part was named. */
  cropFile(task: FileTask): Promise<Pixels | undefined>
  cropPixels(task: PixelsTask): Promise<void>
  release(ticket: number): void
}
