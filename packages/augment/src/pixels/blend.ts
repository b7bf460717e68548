import type { Pixels } from '@convkit/core'

/**
 * `from` at factor 0, `to` at factor 1, and beyond: `from + factor · (to − from)` in single precision, cut off to a byte,
 * as PIL's `Image.blend`.
 */
function blendByte(from: number, to: number, factor: number): number {
  const value = Math.fround(from + Math.fround(factor * (to - from)))
  return Math.max(0, Math.min(255, value))
}

/** An image blended with another of its size. */
export function blend(other: Pixels, image: Pixels, factor: number): Pixels {
  const { data } = image
  const from = other.data
  const single = Math.fround(factor)
  const blended = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) blended[i] = blendByte(from[i] as number, data[i] as number, single)
  return { ...image, data: blended }
}
