// From a JPEG's components to RGB: libjpeg's smooth upsampling (jdsample.c) and conversion of YCbCr (jdcolor.c).

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

/** `factor · chroma / 2¹⁶`, rounded. */
function scaled(chroma: v128, factor: i32): v128 {
  const half = i32x4.splat(1 << 15)
  const factors = i16x8.splat(<i16>factor)
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.extmul_low_i16x8_s(chroma, factors), half), 16),
    i32x4.shr_s(i32x4.add(i32x4.extmul_high_i16x8_s(chroma, factors), half), 16),
  )
}

/** `(−0.34414 Cb − 0.71414 Cr)`, rounded. */
function greenOf(cb: v128, cr: v128): v128 {
  const half = i32x4.splat(1 << 15)
  // −46802 does not fit into 16 bits: 65536 more, and Cr less afterwards.
  const factors = i32x4.splat((-22554 & 0xffff) | (18734 << 16))
  const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11), factors)
  const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15), factors)
  const sums = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, half), 16),
    i32x4.shr_s(i32x4.add(high, half), 16),
  )
  return i16x8.sub(sums, cr)
}

/** A row of YCbCr → RGB, `count` pixels; up to 47 bytes beyond them are written. */
export function toRgb(y: usize, cb: usize, cr: usize, count: i32, target: usize): void {
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
    // 1.402 = 1 + 26345/2¹⁶; 1.772 = 2 − 14942/2¹⁶
    const r = i8x16.narrow_i16x8_u(
      i16x8.add(luma0, i16x8.add(red0, scaled(red0, 26345))),
      i16x8.add(luma1, i16x8.add(red1, scaled(red1, 26345))),
    )
    const g = i8x16.narrow_i16x8_u(
      i16x8.add(luma0, greenOf(blue0, red0)),
      i16x8.add(luma1, greenOf(blue1, red1)),
    )
    const b = i8x16.narrow_i16x8_u(
      i16x8.add(luma0, i16x8.add(i16x8.shl(blue0, 1), scaled(blue0, -14942))),
      i16x8.add(luma1, i16x8.add(i16x8.shl(blue1, 1), scaled(blue1, -14942))),
    )
    const rg0 = i8x16.shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5)
    const rg1 = i8x16.shuffle(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26)
    const rg2 = i8x16.shuffle(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0)
    v128.store(target, i8x16.shuffle(rg0, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15))
    v128.store(target, i8x16.shuffle(rg1, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15), 16)
    v128.store(target, i8x16.shuffle(rg2, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31), 32)
  }
}
