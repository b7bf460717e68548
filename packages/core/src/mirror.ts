import { kernelsFor } from './pixel-kernels.js'
import type { Pixels } from './preprocessing.js'

/** How many bytes are worked on at once. */
const blockBytes = 2 ** 20

/** Left and right swapped, in new memory or that of `into`, which may be the image's own. */
export function mirror(image: Pixels, into: Uint8Array = new Uint8Array(image.data.length)): Pixels {
  const { width, channels, data } = image
  const rowLength = width * channels
  const atOnce = Math.max(1, Math.floor(blockBytes / rowLength)) * rowLength
  for (let at = 0; at < data.length; at += atOnce) {
    const rows = data.subarray(at, at + atOnce)
    into.set(channels === 3 ? mirrored(rows, width) : turned(rows, width), at)
  }
  return { ...image, data: into }
}

/** Rows of RGB pixels; valid until kernels are used again. */
function mirrored(rows: Uint8Array, width: number): Uint8Array {
  const { addresses, bytes, mirrorRows } = kernelsFor([rows.length, rows.length])
  const [source, target] = addresses
  bytes.set(rows, source)
  mirrorRows(source, rows.length / (3 * width), width, target)
  return bytes.subarray(target, target + rows.length)
}

/** Rows of grey pixels. */
function turned(rows: Uint8Array, width: number): Uint8Array {
  const result = rows.slice()
  for (let at = 0; at < result.length; at += width) result.subarray(at, at + width).reverse()
  return result
}
