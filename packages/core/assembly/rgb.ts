// RGB pixels as vectors: four with a channel's integers each, or sixteen with its bytes. Constants are in memory: V8 makes
// four instructions of one in code, and twice as many of a shuffle's.

/** Four vectors of integers → their 16 bytes, cut off at 0 and 255. */
export function toBytes(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d))
}

/** A channel's bytes of four pixels, each with three zeros behind it; where there is no byte is 255. */
const redPlaces = memory.data<u8>(
  [0, 255, 255, 255, 3, 255, 255, 255, 6, 255, 255, 255, 9, 255, 255, 255],
  16,
)
const greenPlaces = memory.data<u8>(
  [1, 255, 255, 255, 4, 255, 255, 255, 7, 255, 255, 255, 10, 255, 255, 255],
  16,
)
const bluePlaces = memory.data<u8>(
  [2, 255, 255, 255, 5, 255, 255, 255, 8, 255, 255, 255, 11, 255, 255, 255],
  16,
)

/** Four RGB pixels as a vector for each channel. */
export function red(pixels: v128): v128 {
  return i8x16.swizzle(pixels, v128.load(redPlaces))
}
export function green(pixels: v128): v128 {
  return i8x16.swizzle(pixels, v128.load(greenPlaces))
}
export function blue(pixels: v128): v128 {
  return i8x16.swizzle(pixels, v128.load(bluePlaces))
}

/** The three channels of four pixels, one after the other → the pixels. */
const byTurns = memory.data<u8>([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 255, 255, 255, 255], 16)

/** Writes four pixels of a vector for each channel, cut off at 0 and 255. */
export function storePixels(target: usize, red: v128, green: v128, blue: v128): void {
  storeTwelve(target, i8x16.swizzle(toBytes(red, green, blue, blue), v128.load(byTurns)))
}

/** Writes the first twelve bytes. */
export function storeTwelve(target: usize, bytes: v128): void {
  v128.store64_lane(target, bytes, 0)
  v128.store32_lane(target, bytes, 2, 8)
}
