// Blends with a level of grey and with the grey image.

import { blue, blues, green, greens, red, reds, storeRgb, toBytes } from './rgb'

/** ITU-R 601 luma of four pixels, rounded as PIL does. */
function luma(pixels: v128): v128 {
  const r = i32x4.mul(red(pixels), i32x4.splat(19595))
  const g = i32x4.mul(green(pixels), i32x4.splat(38470))
  const b = i32x4.mul(blue(pixels), i32x4.splat(7471))
  return i32x4.shr_u(i32x4.add(i32x4.add(r, g), i32x4.add(b, i32x4.splat(0x8000))), 16)
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

/** `from + factor · (to − from)` in single precision, its fraction cut off, as PIL's `Image.blend`. */
function blended(from: v128, to: v128, factor: v128): v128 {
  const difference = f32x4.convert_i32x4_s(i32x4.sub(to, from))
  return i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.convert_i32x4_s(from), f32x4.mul(factor, difference)))
}

/** Blends one level of grey with bytes, in place. */
export function blendLevel(level: i32, data: usize, length: i32, factor: f32): void {
  const from = i32x4.splat(level)
  const factors = f32x4.splat(factor)
  for (let end = data + length; data < end; data += 16) {
    const bytes = v128.load(data)
    const low = i16x8.extend_low_i8x16_u(bytes)
    const high = i16x8.extend_high_i8x16_u(bytes)
    const result = toBytes(
      blended(from, i32x4.extend_low_i16x8_u(low), factors),
      blended(from, i32x4.extend_high_i16x8_u(low), factors),
      blended(from, i32x4.extend_low_i16x8_u(high), factors),
      blended(from, i32x4.extend_high_i16x8_u(high), factors),
    )
    v128.store(data, result)
  }
}

/** ITU-R 601 luma of four of eight pixels' channels, rounded as PIL does. `rg` and `b1` are channels by turns. */
function lumaOf(rg: v128, b2: v128, g: v128): v128 {
  // 38470 = 32768 + 5702; 0x8000 = 2 · 16384
  const redGreen = i32x4.dot_i16x8_s(rg, i32x4.splat(19595 | (5702 << 16)))
  const blueHalf = i32x4.dot_i16x8_s(b2, i32x4.splat(7471 | (16384 << 16)))
  return i32x4.shr_u(i32x4.add(i32x4.add(redGreen, blueHalf), i32x4.shl(g, 15)), 16)
}

/** The lower four of two vectors' eight numbers by turns. */
function firstTurns(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
}

/** The upper four. */
function lastTurns(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
}

/** A channel of eight pixels blended with their lumas: what becomes of `blended`, as 16 bits. */
function blendedWith(low: v128, high: v128, channel: v128, factors: v128): v128 {
  return i16x8.narrow_i32x4_s(
    blended(low, i32x4.extend_low_i16x8_u(channel), factors),
    blended(high, i32x4.extend_high_i16x8_u(channel), factors),
  )
}

/**
 * Blends the lumas of RGB pixels with the pixels, in place: 16 at a time, as what was just written is slow to read. Reads
 * and writes up to 47 bytes beyond the end.
 */
export function blendLuma(data: usize, pixels: i32, factor: f32): void {
  const factors = f32x4.splat(factor)
  const two = i16x8.splat(2)
  for (let end = data + 3 * pixels; data < end; data += 48) {
    const first = v128.load(data)
    const second = v128.load(data, 16)
    const third = v128.load(data, 32)
    const r = reds(first, second, third)
    const g = greens(first, second, third)
    const b = blues(first, second, third)
    const r0 = i16x8.extend_low_i8x16_u(r)
    const r1 = i16x8.extend_high_i8x16_u(r)
    const g0 = i16x8.extend_low_i8x16_u(g)
    const g1 = i16x8.extend_high_i8x16_u(g)
    const b0 = i16x8.extend_low_i8x16_u(b)
    const b1 = i16x8.extend_high_i8x16_u(b)
    const luma0 = lumaOf(firstTurns(r0, g0), firstTurns(b0, two), i32x4.extend_low_i16x8_u(g0))
    const luma1 = lumaOf(lastTurns(r0, g0), lastTurns(b0, two), i32x4.extend_high_i16x8_u(g0))
    const luma2 = lumaOf(firstTurns(r1, g1), firstTurns(b1, two), i32x4.extend_low_i16x8_u(g1))
    const luma3 = lumaOf(lastTurns(r1, g1), lastTurns(b1, two), i32x4.extend_high_i16x8_u(g1))
    const red = i8x16.narrow_i16x8_u(
      blendedWith(luma0, luma1, r0, factors),
      blendedWith(luma2, luma3, r1, factors),
    )
    const green = i8x16.narrow_i16x8_u(
      blendedWith(luma0, luma1, g0, factors),
      blendedWith(luma2, luma3, g1, factors),
    )
    const blue = i8x16.narrow_i16x8_u(
      blendedWith(luma0, luma1, b0, factors),
      blendedWith(luma2, luma3, b1, factors),
    )
    storeRgb(data, red, green, blue)
  }
}
