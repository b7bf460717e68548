// RGB pixels as vectors: four with a channel's integers each, or sixteen with its bytes.

/** Four vectors of integers → their 16 bytes, cut off at 0 and 255. */
export function toBytes(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d))
}

/** Four RGB pixels as a vector for each channel: the bytes 3i + channel, each with three zeros behind it. */
export function red(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i32x4.splat(0), 0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16)
}
export function green(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i32x4.splat(0), 1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16)
}
export function blue(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i32x4.splat(0), 2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16)
}

/** The first channel of the 16 RGB pixels of 48 bytes. */
export function reds(first: v128, second: v128, third: v128): v128 {
  const most = i8x16.shuffle(first, second, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0)
  return i8x16.shuffle(most, third, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29)
}

/** The second. */
export function greens(first: v128, second: v128, third: v128): v128 {
  const most = i8x16.shuffle(first, second, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0)
  return i8x16.shuffle(most, third, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30)
}

/** The third. */
export function blues(first: v128, second: v128, third: v128): v128 {
  const most = i8x16.shuffle(first, second, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0)
  return i8x16.shuffle(most, third, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31)
}

/** Writes 16 pixels whose channels are apart. */
export function storeRgb(target: usize, red: v128, green: v128, blue: v128): void {
  const rg0 = i8x16.shuffle(red, green, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5)
  const rg1 = i8x16.shuffle(red, green, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26)
  const rg2 = i8x16.shuffle(red, green, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0)
  v128.store(target, i8x16.shuffle(rg0, blue, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15))
  v128.store(target, i8x16.shuffle(rg1, blue, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15), 16)
  v128.store(target, i8x16.shuffle(rg2, blue, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31), 32)
}
