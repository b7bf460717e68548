const places = memory.data<u8>([255, 12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2], 16)

/** Rows of RGB pixels in the order from right to left; `target` is other memory. */
export function mirrorRows(source: usize, rows: i32, width: i32, target: usize): void {
  const length = 3 * width
  for (let y = 0; y < rows; y++, source += length, target += length) {
    let x = 0
    // Five pixels and a byte that the next five overwrite
    for (; x + 5 < width; x += 5) {
      const pixels = v128.load(source + 3 * x)
      const turned = i8x16.swizzle(pixels, v128.load(places))
      v128.store(target + length - 3 * x - 16, turned)
    }
    for (; x < width; x++) {
      const from = source + 3 * x
      const to = target + length - 3 * x - 3
      store<u16>(to, load<u16>(from))
      store<u8>(to, load<u8>(from, 2), 2)
    }
  }
}
