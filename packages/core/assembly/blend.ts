// Blends with a level of grey and with the grey image.

import { blue, green, red, storePixels, toBytes } from './rgb'

/** Pairs of red and green, and of green and blue, in 16 bits each. */
const redGreen = memory.data<u8>([0, 255, 1, 255, 3, 255, 4, 255, 6, 255, 7, 255, 9, 255, 10, 255], 16)
const greenBlue = memory.data<u8>([1, 255, 2, 255, 4, 255, 5, 255, 7, 255, 8, 255, 10, 255, 11, 255], 16)
/** Their shares of ITU-R 601 luma in 16 bits: that of green, 38470, is twice 19235. */
const redGreenShares = memory.data<i16>([19595, 19235])
const greenBlueShares = memory.data<i16>([19235, 7471])
const half = memory.data<i32>([0x8000])

/** ITU-R 601 luma of four pixels, rounded as PIL does. */
function luma(pixels: v128): v128 {
  const first = i32x4.dot_i16x8_s(
    i8x16.swizzle(pixels, v128.load(redGreen)),
    v128.load32_splat(redGreenShares),
  )
  const second = i32x4.dot_i16x8_s(
    i8x16.swizzle(pixels, v128.load(greenBlue)),
    v128.load32_splat(greenBlueShares),
  )
  return i32x4.shr_u(i32x4.add(i32x4.add(first, second), v128.load32_splat(half)), 16)
}

/** The sum of the lumas of RGB pixels. */
export function sumLuma(source: usize, pixels: i32): i32 {
  let sums = i32x4.splat(0)
  const whole = pixels & ~3
  for (let i = 0; i < whole; i += 4, source += 12) sums = i32x4.add(sums, luma(v128.load(source)))
  let sum =
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  for (let i = whole; i < pixels; i++, source += 3) sum += i32x4.extract_lane(luma(v128.load(source)), 0)
  return sum
}

/** Added to a number in single precision, it leaves the integer in the lowest bits, and less where that is below 0. */
const point = memory.data<f32>([8388608])

/**
 * `from + factor · difference` in single precision, its fraction cut off, as PIL's `Image.blend`; what is below 0 stays
 * there.
 */
function blended(from: v128, difference: v128, factor: v128): v128 {
  const exact = f32x4.add(from, f32x4.mul(factor, f32x4.convert_i32x4_s(difference)))
  const shift = v128.load32_splat(point)
  return i32x4.sub(f32x4.add(f32x4.floor(exact), shift), shift)
}

/** Blends one level of grey with bytes, in place. */
export function blendLevel(level: i32, data: usize, length: i32, factor: f32): void {
  const from = i32x4.splat(level)
  const start = f32x4.splat(<f32>level)
  const factors = f32x4.splat(factor)
  for (let end = data + length; data < end; data += 16) {
    const bytes = v128.load(data)
    const low = i16x8.extend_low_i8x16_u(bytes)
    const high = i16x8.extend_high_i8x16_u(bytes)
    const result = toBytes(
      blended(start, i32x4.sub(i32x4.extend_low_i16x8_u(low), from), factors),
      blended(start, i32x4.sub(i32x4.extend_high_i16x8_u(low), from), factors),
      blended(start, i32x4.sub(i32x4.extend_low_i16x8_u(high), from), factors),
      blended(start, i32x4.sub(i32x4.extend_high_i16x8_u(high), from), factors),
    )
    v128.store(data, result)
  }
}

/** Blends the lumas of RGB pixels with the pixels, in place, four at a time. Reads and writes up to 15 bytes beyond the end. */
export function blendLuma(data: usize, pixels: i32, factor: f32): void {
  const factors = f32x4.splat(factor)
  for (let end = data + 3 * pixels; data < end; data += 12) {
    const bytes = v128.load(data)
    const grey = luma(bytes)
    const start = f32x4.convert_i32x4_s(grey)
    storePixels(
      data,
      blended(start, i32x4.sub(red(bytes), grey), factors),
      blended(start, i32x4.sub(green(bytes), grey), factors),
      blended(start, i32x4.sub(blue(bytes), grey), factors),
    )
  }
}
