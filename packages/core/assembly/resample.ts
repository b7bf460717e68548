// Weighted sums of rows and columns, as PIL resizes 8-bit images.

import { toBytes } from './rgb'

/** Fraction bits of the weights, as PIL has them for 8-bit images. */
const bits = 22

/** Reads an RGB pixel as three integers; the fourth is whatever follows. */
function pixelAt(address: usize): v128 {
  return i32x4.extend_low_i16x8_u(v128.load8x8_u(address))
}

/** Sixteen sums without their fractions, which began with a half, as bytes. */
function rounded(a: v128, b: v128, c: v128, d: v128): v128 {
  return toBytes(i32x4.shr_s(a, bits), i32x4.shr_s(b, bits), i32x4.shr_s(c, bits), i32x4.shr_s(d, bits))
}

/** Four rows of RGB pixels, for which weights are read once. */
function resampleFourRows(
  source: usize,
  stride: i32,
  target: usize,
  width: i32,
  spans: usize,
  weights: usize,
  taps: i32,
): void {
  const half = i32x4.splat(1 << (bits - 1))
  const outStride = 3 * width
  let weight = weights
  for (let x = 0; x < width; x++) {
    let first = source + 3 * load<i32>(spans + (x << 3))
    const end = weight + (load<i32>(spans + (x << 3), 4) << 2)
    let a = half
    let b = half
    let c = half
    let d = half
    for (let w = weight; w < end; w += 4, first += 3) {
      const factor = v128.load32_splat(w)
      const second = first + stride
      const third = second + stride
      a = i32x4.add(a, i32x4.mul(pixelAt(first), factor))
      b = i32x4.add(b, i32x4.mul(pixelAt(second), factor))
      c = i32x4.add(c, i32x4.mul(pixelAt(third), factor))
      d = i32x4.add(d, i32x4.mul(pixelAt(third + stride), factor))
    }
    const levels = rounded(a, b, c, d)
    // Three bytes: the next row's are there already
    v128.store16_lane(target, levels, 0)
    v128.store8_lane(target, levels, 2, 2)
    v128.store16_lane(target + outStride, levels, 2)
    v128.store8_lane(target + outStride, levels, 6, 2)
    v128.store16_lane(target + 2 * outStride, levels, 4)
    v128.store8_lane(target + 2 * outStride, levels, 10, 2)
    v128.store16_lane(target + 3 * outStride, levels, 6)
    v128.store8_lane(target + 3 * outStride, levels, 14, 2)
    target += 3
    weight += taps << 2
  }
}

/**
 * Resamples rows: `spans` holds the first pixel and the number of pixels that each output position is made of,
 * `weights` as many fixed-point weights for it, `taps` apart.
 */
export function resampleRows(
  source: usize,
  stride: i32,
  rows: i32,
  channels: i32,
  target: usize,
  width: i32,
  spans: usize,
  weights: usize,
  taps: i32,
): void {
  const half = i32x4.splat(1 << (bits - 1))
  const fours = channels === 3 ? rows & ~3 : 0
  for (let y = 0; y < fours; y += 4, target += 12 * width) {
    resampleFourRows(source + y * stride, stride, target, width, spans, weights, taps)
  }
  for (let y = fours; y < rows; y++) {
    const row = source + y * stride
    let weight = weights
    for (let x = 0; x < width; x++) {
      let pixel = row + channels * load<i32>(spans + (x << 3))
      const end = weight + (load<i32>(spans + (x << 3), 4) << 2)
      let sum = half
      if (channels === 3) {
        for (let w = weight; w < end; w += 4, pixel += 3)
          sum = i32x4.add(sum, i32x4.mul(pixelAt(pixel), v128.load32_splat(w)))
      } else {
        let single = 1 << (bits - 1)
        for (let w = weight; w < end; w += 4) single += <i32>load<u8>(pixel++) * load<i32>(w)
        sum = i32x4.splat(single)
      }
      v128.store32_lane(target, rounded(sum, sum, sum, sum), 0)
      target += channels
      weight += taps << 2
    }
  }
}

/** Resamples columns, as {@link resampleRows}: `spans` counts rows of `stride` bytes, as many as output rows have. */
export function resampleColumns(
  source: usize,
  stride: i32,
  target: usize,
  height: i32,
  spans: usize,
  weights: usize,
  taps: i32,
): void {
  const half = i32x4.splat(1 << (bits - 1))
  for (let y = 0; y < height; y++) {
    const row = source + load<i32>(spans + (y << 3)) * stride
    const weight = weights + y * (taps << 2)
    const end = weight + (load<i32>(spans + (y << 3), 4) << 2)
    for (let x = 0; x < stride; x += 16) {
      let a = half
      let b = half
      let c = half
      let d = half
      let bytes = row + x
      for (let w = weight; w < end; w += 4, bytes += stride) {
        const low = v128.load8x8_u(bytes)
        const high = v128.load8x8_u(bytes, 8)
        const factor = v128.load32_splat(w)
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), factor))
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), factor))
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), factor))
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), factor))
      }
      const shifted = rounded(a, b, c, d)
      v128.store(target + x, shifted)
    }
    target += stride
  }
}
