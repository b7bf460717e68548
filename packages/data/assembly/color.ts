// From a JPEG's components to RGB: libjpeg's smooth upsampling (jdsample.c) and conversion of YCbCr (jdcolor.c). Constants
// of the conversion are in memory: V8 makes four instructions of one in code.

const half = memory.data<i32>([1 << 15])
/** −46802 does not fit into 16 bits: 65536 more, and Cr less afterwards. */
const greenFactors = memory.data<i16>([-22554, 18734])
/** 1.402 = 1 + 26346/2¹⁶, rounded for all 256 levels as 1 + 26345/2¹⁶ is; 1.772 = 2 − 14942/2¹⁶. */
const redFactor = memory.data<i16>([13173, 13173])
const blueFactor = memory.data<i16>([-7471, -7471])
/** Of four pixels' integers, three bytes each. */
const threeOfFour = memory.data<u8>([0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255], 16)

/**
 * Chroma of half the width → all of it: each sample is ¾ of the nearer one and ¼ of the next. `far` is the next row of
 * samples where there are half as many of them, else `near` itself. The row has `count` samples; `sums` is memory for
 * 2 · count + 32 bytes.
 */
export function upsample(
  near: usize,
  far: usize,
  count: i32,
  isHalfHeight: bool,
  sums: usize,
  target: usize,
): void {
  const first = sums + 16
  for (let x = 0; x < count; x += 8) {
    const own = v128.load8x8_u(near + x)
    const other = v128.load8x8_u(far + x)
    v128.store(first + (x << 1), i16x8.add(i16x8.mul(own, i16x8.splat(3)), other))
  }
  const end = first + (count << 1)
  store<u16>(first - 2, load<u16>(first))
  store<u16>(end, load<u16>(end - 2))
  // What is added before bits are cut off differs by turns, so that halves add up to no shift.
  const before = i16x8.splat(isHalfHeight ? 8 : 4)
  const after = i16x8.splat(isHalfHeight ? 7 : 8)
  for (let from = first; from < end; from += 16, target += 16) {
    const thrice = i16x8.mul(v128.load(from), i16x8.splat(3))
    const even = i16x8.shr_u(i16x8.add(i16x8.add(thrice, v128.load(from - 2)), before), 4)
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(thrice, v128.load(from + 2)), after), 4)
    v128.store(target, v128.or(even, i16x8.shl(odd, 8)))
  }
}

/** `(−0.34414 Cb − 0.71414 Cr)`, rounded. */
function greenOf(cb: v128, cr: v128): v128 {
  const factors = v128.load32_splat(greenFactors)
  const rounding = v128.load32_splat(half)
  const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11), factors)
  const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15), factors)
  const sums = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, rounding), 16),
    i32x4.shr_s(i32x4.add(high, rounding), 16),
  )
  return i16x8.sub(sums, cr)
}

/** A row of YCbCr → RGB, `count` pixels; up to 51 bytes beyond them are written. */
export function toRgb(y: usize, cb: usize, cr: usize, count: i32, target: usize): void {
  const reds = v128.load32_splat(redFactor)
  const blues = v128.load32_splat(blueFactor)
  const places = v128.load(threeOfFour)
  for (let x = 0; x < count; x += 16, target += 48) {
    const luma = v128.load(y + x)
    const blue = i8x16.sub(v128.load(cb + x), i8x16.splat(-128))
    const red = i8x16.sub(v128.load(cr + x), i8x16.splat(-128))
    const luma0 = i16x8.extend_low_i8x16_u(luma)
    const luma1 = i16x8.extend_high_i8x16_u(luma)
    const blue0 = i16x8.extend_low_i8x16_s(blue)
    const blue1 = i16x8.extend_high_i8x16_s(blue)
    const red0 = i16x8.extend_low_i8x16_s(red)
    const red1 = i16x8.extend_high_i8x16_s(red)
    const r = i8x16.narrow_i16x8_u(
      i16x8.add(luma0, i16x8.add(red0, i16x8.q15mulr_sat_s(red0, reds))),
      i16x8.add(luma1, i16x8.add(red1, i16x8.q15mulr_sat_s(red1, reds))),
    )
    const g = i8x16.narrow_i16x8_u(
      i16x8.add(luma0, greenOf(blue0, red0)),
      i16x8.add(luma1, greenOf(blue1, red1)),
    )
    const b = i8x16.narrow_i16x8_u(
      i16x8.add(luma0, i16x8.add(i16x8.shl(blue0, 1), i16x8.q15mulr_sat_s(blue0, blues))),
      i16x8.add(luma1, i16x8.add(i16x8.shl(blue1, 1), i16x8.q15mulr_sat_s(blue1, blues))),
    )
    const rg0 = v128.shuffle<u8>(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
    const rg1 = v128.shuffle<u8>(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
    const bb0 = v128.shuffle<u8>(b, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
    const bb1 = v128.shuffle<u8>(b, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
    v128.store(target, i8x16.swizzle(v128.shuffle<i16>(rg0, bb0, 0, 8, 1, 9, 2, 10, 3, 11), places))
    v128.store(target, i8x16.swizzle(v128.shuffle<i16>(rg0, bb0, 4, 12, 5, 13, 6, 14, 7, 15), places), 12)
    v128.store(target, i8x16.swizzle(v128.shuffle<i16>(rg1, bb1, 0, 8, 1, 9, 2, 10, 3, 11), places), 24)
    v128.store(target, i8x16.swizzle(v128.shuffle<i16>(rg1, bb1, 4, 12, 5, 13, 6, 14, 7, 15), places), 36)
  }
}
