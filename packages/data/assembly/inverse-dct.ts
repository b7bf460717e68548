// Inverse discrete cosine transforms of a block to 8, 4, 2 or 1 pixels in each direction, in the integer arithmetic of
// libjpeg's jidctint.c and jidctred.c (Loeffler, Ligtenberg and Moschytz 1989). A block is eight rows of eight 16-bit
// numbers; a pass over its columns takes four of them at a time.

/** A constant with 13 bits of fraction. */
function fixed(value: f64): i32 {
  return <i32>(value * 8192 + 0.5)
}

/** Two vectors' numbers by turns, each times its factor, and added up. */
function sumOfProducts(a: v128, b: v128, first: i32, second: i32): v128 {
  const factors = i32x4.splat((first & 0xffff) | (second << 16))
  return i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), factors)
}

/** Four numbers of a row. */
function numbers(columns: usize, row: i32): v128 {
  return v128.load64_zero(columns + ((<usize>row) << 4))
}

/** Writes four numbers of a row, without the bits of their fraction. */
function setNumbers(columns: usize, row: i32, values: v128, shift: i32): void {
  const rounded = i32x4.shr_s(i32x4.add(values, i32x4.splat(1 << (shift - 1))), shift)
  v128.store64_lane(columns + ((<usize>row) << 4), i16x8.narrow_i32x4_s(rounded, rounded), 0)
}

/** Four columns of eight numbers → eight. */
function passTo8(columns: usize, shift: i32): void {
  const c0 = numbers(columns, 0)
  const c1 = numbers(columns, 1)
  const c2 = numbers(columns, 2)
  const c3 = numbers(columns, 3)
  const c4 = numbers(columns, 4)
  const c5 = numbers(columns, 5)
  const c6 = numbers(columns, 6)
  const c7 = numbers(columns, 7)

  const sum = sumOfProducts(c0, c4, 8192, 8192)
  const difference = sumOfProducts(c0, c4, 8192, -8192)
  const turned = sumOfProducts(c2, c6, fixed(0.5411961), fixed(0.5411961) - fixed(1.847759065))
  const turnedBack = sumOfProducts(c2, c6, fixed(0.5411961) + fixed(0.765366865), fixed(0.5411961))
  const e0 = i32x4.add(sum, turnedBack)
  const e3 = i32x4.sub(sum, turnedBack)
  const e1 = i32x4.add(difference, turned)
  const e2 = i32x4.sub(difference, turned)

  const c37 = i16x8.add(c3, c7)
  const c15 = i16x8.add(c1, c5)
  const z3 = sumOfProducts(c37, c15, fixed(1.175875602) - fixed(1.96157056), fixed(1.175875602))
  const z4 = sumOfProducts(c37, c15, fixed(1.175875602), fixed(1.175875602) - fixed(0.390180644))
  const s = fixed(0.899976223)
  const t = fixed(2.562915447)
  const o0 = i32x4.add(z3, sumOfProducts(c7, c1, fixed(0.298631336) - s, -s))
  const o1 = i32x4.add(z4, sumOfProducts(c5, c3, fixed(2.053119869) - t, -t))
  const o2 = i32x4.add(z3, sumOfProducts(c5, c3, -t, fixed(3.072711026) - t))
  const o3 = i32x4.add(z4, sumOfProducts(c7, c1, -s, fixed(1.50132111) - s))

  setNumbers(columns, 0, i32x4.add(e0, o3), shift)
  setNumbers(columns, 1, i32x4.add(e1, o2), shift)
  setNumbers(columns, 2, i32x4.add(e2, o1), shift)
  setNumbers(columns, 3, i32x4.add(e3, o0), shift)
  setNumbers(columns, 4, i32x4.sub(e3, o0), shift)
  setNumbers(columns, 5, i32x4.sub(e2, o1), shift)
  setNumbers(columns, 6, i32x4.sub(e1, o2), shift)
  setNumbers(columns, 7, i32x4.sub(e0, o3), shift)
}

/** Four columns of eight numbers → four. */
function passTo4(columns: usize, shift: i32): void {
  const c7 = numbers(columns, 7)
  const c5 = numbers(columns, 5)
  const c3 = numbers(columns, 3)
  const c1 = numbers(columns, 1)
  const first = i32x4.shl(i32x4.extend_low_i16x8_s(numbers(columns, 0)), 14)
  const turned = sumOfProducts(
    numbers(columns, 2),
    numbers(columns, 6),
    fixed(1.847759065),
    -fixed(0.765366865),
  )
  const e0 = i32x4.add(first, turned)
  const e1 = i32x4.sub(first, turned)
  const o1 = i32x4.add(
    sumOfProducts(c7, c5, -fixed(0.211164243), fixed(1.451774981)),
    sumOfProducts(c3, c1, -fixed(2.172734803), fixed(1.061594337)),
  )
  const o0 = i32x4.add(
    sumOfProducts(c7, c5, -fixed(0.509795579), -fixed(0.601344887)),
    sumOfProducts(c3, c1, fixed(0.899976223), fixed(2.562915447)),
  )
  setNumbers(columns, 0, i32x4.add(e0, o0), shift)
  setNumbers(columns, 1, i32x4.add(e1, o1), shift)
  setNumbers(columns, 2, i32x4.sub(e1, o1), shift)
  setNumbers(columns, 3, i32x4.sub(e0, o0), shift)
}

/** Four columns of eight numbers → two. */
function passTo2(columns: usize, shift: i32): void {
  const first = i32x4.shl(i32x4.extend_low_i16x8_s(numbers(columns, 0)), 15)
  const odd = i32x4.add(
    sumOfProducts(numbers(columns, 7), numbers(columns, 5), -fixed(0.720959822), fixed(0.850430095)),
    sumOfProducts(numbers(columns, 3), numbers(columns, 1), -fixed(1.27275858), fixed(3.624509785)),
  )
  setNumbers(columns, 0, i32x4.add(first, odd), shift)
  setNumbers(columns, 1, i32x4.sub(first, odd), shift)
}

/** Swaps rows and columns of a block. */
function transpose(block: usize): void {
  const a0 = v128.load(block, 0)
  const a1 = v128.load(block, 16)
  const a2 = v128.load(block, 32)
  const a3 = v128.load(block, 48)
  const a4 = v128.load(block, 64)
  const a5 = v128.load(block, 80)
  const a6 = v128.load(block, 96)
  const a7 = v128.load(block, 112)
  const b0 = v128.shuffle<i16>(a0, a1, 0, 8, 1, 9, 2, 10, 3, 11)
  const b1 = v128.shuffle<i16>(a0, a1, 4, 12, 5, 13, 6, 14, 7, 15)
  const b2 = v128.shuffle<i16>(a2, a3, 0, 8, 1, 9, 2, 10, 3, 11)
  const b3 = v128.shuffle<i16>(a2, a3, 4, 12, 5, 13, 6, 14, 7, 15)
  const b4 = v128.shuffle<i16>(a4, a5, 0, 8, 1, 9, 2, 10, 3, 11)
  const b5 = v128.shuffle<i16>(a4, a5, 4, 12, 5, 13, 6, 14, 7, 15)
  const b6 = v128.shuffle<i16>(a6, a7, 0, 8, 1, 9, 2, 10, 3, 11)
  const b7 = v128.shuffle<i16>(a6, a7, 4, 12, 5, 13, 6, 14, 7, 15)
  const c0 = v128.shuffle<i32>(b0, b2, 0, 4, 1, 5)
  const c1 = v128.shuffle<i32>(b0, b2, 2, 6, 3, 7)
  const c2 = v128.shuffle<i32>(b1, b3, 0, 4, 1, 5)
  const c3 = v128.shuffle<i32>(b1, b3, 2, 6, 3, 7)
  const c4 = v128.shuffle<i32>(b4, b6, 0, 4, 1, 5)
  const c5 = v128.shuffle<i32>(b4, b6, 2, 6, 3, 7)
  const c6 = v128.shuffle<i32>(b5, b7, 0, 4, 1, 5)
  const c7 = v128.shuffle<i32>(b5, b7, 2, 6, 3, 7)
  v128.store(block, v128.shuffle<i64>(c0, c4, 0, 2), 0)
  v128.store(block, v128.shuffle<i64>(c0, c4, 1, 3), 16)
  v128.store(block, v128.shuffle<i64>(c1, c5, 0, 2), 32)
  v128.store(block, v128.shuffle<i64>(c1, c5, 1, 3), 48)
  v128.store(block, v128.shuffle<i64>(c2, c6, 0, 2), 64)
  v128.store(block, v128.shuffle<i64>(c2, c6, 1, 3), 80)
  v128.store(block, v128.shuffle<i64>(c3, c7, 0, 2), 96)
  v128.store(block, v128.shuffle<i64>(c3, c7, 1, 3), 112)
}

/** Swaps rows and columns of the upper half of a block: each of eight rows then has four numbers that count. */
function transposeHalf(block: usize): void {
  const a0 = v128.load(block, 0)
  const a1 = v128.load(block, 16)
  const a2 = v128.load(block, 32)
  const a3 = v128.load(block, 48)
  const b0 = v128.shuffle<i16>(a0, a1, 0, 8, 1, 9, 2, 10, 3, 11)
  const b1 = v128.shuffle<i16>(a0, a1, 4, 12, 5, 13, 6, 14, 7, 15)
  const b2 = v128.shuffle<i16>(a2, a3, 0, 8, 1, 9, 2, 10, 3, 11)
  const b3 = v128.shuffle<i16>(a2, a3, 4, 12, 5, 13, 6, 14, 7, 15)
  const c0 = v128.shuffle<i32>(b0, b2, 0, 4, 1, 5)
  const c1 = v128.shuffle<i32>(b0, b2, 2, 6, 3, 7)
  const c2 = v128.shuffle<i32>(b1, b3, 0, 4, 1, 5)
  const c3 = v128.shuffle<i32>(b1, b3, 2, 6, 3, 7)
  v128.store(block, c0, 0)
  v128.store64_lane(block, c0, 1, 16)
  v128.store(block, c1, 32)
  v128.store64_lane(block, c1, 1, 48)
  v128.store(block, c2, 64)
  v128.store64_lane(block, c2, 1, 80)
  v128.store(block, c3, 96)
  v128.store64_lane(block, c3, 1, 112)
}

/** A row of a block as pixels: eight bytes, of which the first ones count. */
function pixelsOf(block: usize, row: i32): v128 {
  const shifted = i16x8.add_sat_s(v128.load(block + ((<usize>row) << 4)), i16x8.splat(128))
  return i8x16.narrow_i16x8_u(shifted, shifted)
}

/** A block without other coefficients than its first: all pixels are one level. */
function fill(level: i32, size: i32, target: usize, stride: i32): void {
  const pixels = i8x16.splat(<i8>max(0, min(255, level)))
  for (let y = 0; y < size; y++, target += stride) {
    if (size === 8) v128.store64_lane(target, pixels, 0)
    else if (size === 4) v128.store32_lane(target, pixels, 0)
    else if (size === 2) v128.store16_lane(target, pixels, 0)
    else v128.store8_lane(target, pixels, 0)
  }
}

/** Up to this place in the file's order coefficients are all in the first four columns. */
const lastOfFourColumns = 9

/**
 * Writes a block as `size × size` pixels, and uses its memory up. `last` is the place of its last coefficient in the file's
 * order.
 */
export function transform(block: usize, last: i32, size: i32, target: usize, stride: i32): void {
  if (last === 0 || size === 1) {
    // With two bits of fraction between the passes, which decide nothing here.
    fill(((<i32>load<i16>(block) + 4) >> 3) + 128, size, target, stride)
    return
  }
  const isWide = last > lastOfFourColumns
  if (size === 8) {
    passTo8(block, 11)
    if (isWide) passTo8(block + 8, 11)
    transpose(block)
    passTo8(block, 18)
    passTo8(block + 8, 18)
    transpose(block)
    for (let y = 0; y < 8; y++, target += stride) v128.store64_lane(target, pixelsOf(block, y), 0)
  } else if (size === 4) {
    passTo4(block, 12)
    if (isWide) passTo4(block + 8, 12)
    transposeHalf(block)
    passTo4(block, 19)
    transposeHalf(block)
    for (let y = 0; y < 4; y++, target += stride) v128.store32_lane(target, pixelsOf(block, y), 0)
  } else {
    passTo2(block, 13)
    if (isWide) passTo2(block + 8, 13)
    transposeHalf(block)
    passTo2(block, 20)
    transposeHalf(block)
    for (let y = 0; y < 2; y++, target += stride) v128.store16_lane(target, pixelsOf(block, y), 0)
  }
}
