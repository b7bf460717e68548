import sharp, { type Sharp } from 'sharp'

/** What all readers of image files take. */
export interface ImageOptions {
  /** Larger images are unreadable, so that one file cannot exhaust memory; 100 by default. */
  readonly maxMegapixels?: number
}

export const megapixelLimit = ({ maxMegapixels = 100 }: ImageOptions) => maxMegapixels

let isConfigured = false

/**
 * Opens an image with the settings that every reader shares.
 *
 * - Many images are decoded at once, so one thread an image is fastest: libuv's pool (`UV_THREADPOOL_SIZE`, 4 by
 *   default) is the parallelism.
 * - Each file is read once an epoch, so libvips's cache of operations only holds memory, and outdated files.
 * - ICC profiles are not applied, as in PIL: published weights have seen such pixels.
 * - A truncated file is an error, as in PIL; what decoders only warn of is not.
 */
export function openImage(input: string | Uint8Array, options: ImageOptions = {}): Sharp {
  if (!isConfigured) {
    sharp.concurrency(1)
    sharp.cache(false)
    isConfigured = true
  }
  const limit = megapixelLimit(options)
  const limitInputPixels = Number.isFinite(limit) ? Math.floor(limit * 1e6) : false
  return sharp(input, { failOn: 'error', ignoreIcc: true, limitInputPixels })
}
