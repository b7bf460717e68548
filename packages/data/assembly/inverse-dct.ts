// Inverse discrete cosine transforms of a block to 8, 4, 2 or 1 pixels in each direction, in the integer arithmetic of
// libjpeg's jidctint.c and jidctred.c (Loeffler, Ligtenberg and Moschytz 1989). A block is eight rows of eight 16-bit
// numbers. A pass takes four columns at a time, as products have 32 bits, and writes them as rows: so two passes are the
// transform, and the second one gives rows of pixels. Constants are in memory: V8 makes four instructions of one in code.

// Pairs of factors with 13 bits of fraction.

// To 8: 1 and 1, 1 and −1; 0.5412 and 0.5412 − 1.8478, 0.5412 + 0.7654 and 0.5412
const even04 = memory.data<i16>([8192, 8192])
const odd04 = memory.data<i16>([8192, -8192])
const even26 = memory.data<i16>([10703, 4433])
const odd26 = memory.data<i16>([4433, -10704])
// 1.1759 − 1.9616 and 1.1759, 1.1759 and 1.1759 − 0.3902
const both3 = memory.data<i16>([-6436, 9633])
const both4 = memory.data<i16>([9633, 6437])
// 0.2986 − 0.9 and −0.9, −0.9 and 1.5013 − 0.9; 2.0531 − 2.5629 and −2.5629, −2.5629 and 3.0727 − 2.5629
const first71 = memory.data<i16>([-4927, -7373])
const last71 = memory.data<i16>([-7373, 4926])
const first53 = memory.data<i16>([-4176, -20995])
const last53 = memory.data<i16>([-20995, 4177])

// To 8, where four of eight numbers are 0: 1 and ±(0.5412 + 0.7654), 1 and ±0.5412
const outer02 = memory.data<i16>([8192, 10703, 8192, -10703])
const inner02 = memory.data<i16>([8192, 4433, 8192, -4433])
// 1.1759 − 0.9 and 1.1759 − 1.9616, 1.1759 − 0.3902 and 1.1759 − 2.5629
const first13 = memory.data<i16>([2260, -6436])
const second13 = memory.data<i16>([6437, -11362])
// 1.1759 and 1.1759 − 1.9616 + 3.0727 − 2.5629, 1.1759 − 0.3902 + 1.5013 − 0.9 and 1.1759
const third13 = memory.data<i16>([9633, -2259])
const fourth13 = memory.data<i16>([11363, 9633])

// To 4: 1.8478 and −0.7654; −0.2112 and 1.4518, −0.5098 and −0.6013; −2.1727 and 1.0616, 0.9 and 2.5629; 2 and ±1.8478
const four26 = memory.data<i16>([15137, -6270])
const four75 = memory.data<i16>([-4176, -4926, -1730, 11893])
const four31 = memory.data<i16>([7373, 20995, -17799, 8697])
const four02 = memory.data<i16>([16384, 15137, 16384, -15137])

// To 2: −0.721 and 0.8504, −1.2726 and 3.6245
const two75 = memory.data<i16>([-5906, 6967])
const two31 = memory.data<i16>([-10426, 29692])

// What is added before bits are cut off: a half, and in the second pass the middle of the pixels' range too.
const halfOf8 = memory.data<i32>([1 << 10, (1 << 17) + (128 << 18)])
const halfOf4 = memory.data<i32>([1 << 11, (1 << 18) + (128 << 19)])
const halfOf2 = memory.data<i32>([1 << 12, (1 << 19) + (128 << 20)])

/** Two vectors' first four numbers by turns. */
function turns(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
}

/** Their last four. */
function lastTurns(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
}

/** Of numbers by turns, each times its factor of a pair, the sums of two. */
function sums(turns: v128, pair: usize): v128 {
  return i32x4.dot_i16x8_s(turns, v128.load32_splat(pair))
}

function half(halves: usize, isLast: bool): v128 {
  return v128.load32_splat(halves + (usize(isLast) << 2))
}

/** Sums without the bits of their fraction, as 16 bits. */
function whole(a: v128, b: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(a, shift), i32x4.shr_s(b, shift))
}

/** Four columns of eight numbers, the last four of which are 0 if it `isSmall`, → four rows of eight, or of pixels. */
function passTo8(columns: usize, isSmall: bool, isLast: bool, target: usize, stride: usize): void {
  const rounding = half(halfOf8, isLast)
  const c0 = v128.load64_zero(columns)
  const c1 = v128.load64_zero(columns, 16)
  const c2 = v128.load64_zero(columns, 32)
  const c3 = v128.load64_zero(columns, 48)
  let e0: v128
  let e1: v128
  let e2: v128
  let e3: v128
  let o0: v128
  let o1: v128
  let o2: v128
  let o3: v128
  if (isSmall) {
    const c02 = turns(c0, c2)
    const c13 = turns(c1, c3)
    e0 = i32x4.add(sums(c02, outer02), rounding)
    e3 = i32x4.add(sums(c02, outer02 + 4), rounding)
    e1 = i32x4.add(sums(c02, inner02), rounding)
    e2 = i32x4.add(sums(c02, inner02 + 4), rounding)
    o0 = sums(c13, first13)
    o1 = sums(c13, second13)
    o2 = sums(c13, third13)
    o3 = sums(c13, fourth13)
  } else {
    const c5 = v128.load64_zero(columns, 80)
    const c7 = v128.load64_zero(columns, 112)
    const c04 = turns(c0, v128.load64_zero(columns, 64))
    const c26 = turns(c2, v128.load64_zero(columns, 96))
    const even = i32x4.add(sums(c04, even04), rounding)
    const odd = i32x4.add(sums(c04, odd04), rounding)
    e0 = i32x4.add(even, sums(c26, even26))
    e3 = i32x4.sub(even, sums(c26, even26))
    e1 = i32x4.add(odd, sums(c26, odd26))
    e2 = i32x4.sub(odd, sums(c26, odd26))
    const both = turns(i16x8.add(c3, c7), i16x8.add(c1, c5))
    const z3 = sums(both, both3)
    const z4 = sums(both, both4)
    const c71 = turns(c7, c1)
    const c53 = turns(c5, c3)
    o0 = i32x4.add(z3, sums(c71, first71))
    o1 = i32x4.add(z4, sums(c53, first53))
    o2 = i32x4.add(z3, sums(c53, last53))
    o3 = i32x4.add(z4, sums(c71, last71))
  }
  const r0 = i32x4.add(e0, o3)
  const r1 = i32x4.add(e1, o2)
  const r2 = i32x4.add(e2, o1)
  const r3 = i32x4.add(e3, o0)
  const r4 = i32x4.sub(e3, o0)
  const r5 = i32x4.sub(e2, o1)
  const r6 = i32x4.sub(e1, o2)
  const r7 = i32x4.sub(e0, o3)
  const r02 = isLast ? whole(r0, r2, 18) : whole(r0, r2, 11)
  const r13 = isLast ? whole(r1, r3, 18) : whole(r1, r3, 11)
  const r46 = isLast ? whole(r4, r6, 18) : whole(r4, r6, 11)
  const r57 = isLast ? whole(r5, r7, 18) : whole(r5, r7, 11)

  const r01 = turns(r02, r13)
  const r23 = lastTurns(r02, r13)
  const r45 = turns(r46, r57)
  const r67 = lastTurns(r46, r57)
  const left01 = v128.shuffle<i32>(r01, r23, 0, 4, 1, 5)
  const left23 = v128.shuffle<i32>(r01, r23, 2, 6, 3, 7)
  const right01 = v128.shuffle<i32>(r45, r67, 0, 4, 1, 5)
  const right23 = v128.shuffle<i32>(r45, r67, 2, 6, 3, 7)
  const row0 = v128.shuffle<i64>(left01, right01, 0, 2)
  const row1 = v128.shuffle<i64>(left01, right01, 1, 3)
  const row2 = v128.shuffle<i64>(left23, right23, 0, 2)
  const row3 = v128.shuffle<i64>(left23, right23, 1, 3)
  if (isLast) {
    const first = i8x16.narrow_i16x8_u(row0, row1)
    const second = i8x16.narrow_i16x8_u(row2, row3)
    v128.store64_lane(target, first, 0)
    v128.store64_lane(target + stride, first, 1)
    v128.store64_lane(target + 2 * stride, second, 0)
    v128.store64_lane(target + 3 * stride, second, 1)
  } else {
    v128.store(target, row0, 0)
    v128.store(target, row1, 16)
    v128.store(target, row2, 32)
    v128.store(target, row3, 48)
  }
}

/** Four columns of eight numbers, as {@link passTo8} has them, → four rows of four. */
function passTo4(columns: usize, isSmall: bool, isLast: bool, target: usize, stride: usize): void {
  const rounding = half(halfOf4, isLast)
  const c0 = v128.load64_zero(columns)
  const c2 = v128.load64_zero(columns, 32)
  const c31 = turns(v128.load64_zero(columns, 48), v128.load64_zero(columns, 16))
  let e0: v128
  let e1: v128
  let o0 = sums(c31, four31)
  let o1 = sums(c31, four31 + 4)
  if (isSmall) {
    const c02 = turns(c0, c2)
    e0 = i32x4.add(sums(c02, four02), rounding)
    e1 = i32x4.add(sums(c02, four02 + 4), rounding)
  } else {
    const c75 = turns(v128.load64_zero(columns, 112), v128.load64_zero(columns, 80))
    const c26 = turns(c2, v128.load64_zero(columns, 96))
    const first = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(c0), 14), rounding)
    e0 = i32x4.add(first, sums(c26, four26))
    e1 = i32x4.sub(first, sums(c26, four26))
    o0 = i32x4.add(o0, sums(c75, four75))
    o1 = i32x4.add(o1, sums(c75, four75 + 4))
  }
  const r0 = i32x4.add(e0, o0)
  const r1 = i32x4.add(e1, o1)
  const r2 = i32x4.sub(e1, o1)
  const r3 = i32x4.sub(e0, o0)
  const r02 = isLast ? whole(r0, r2, 19) : whole(r0, r2, 12)
  const r13 = isLast ? whole(r1, r3, 19) : whole(r1, r3, 12)

  const r01 = turns(r02, r13)
  const r23 = lastTurns(r02, r13)
  const rows01 = v128.shuffle<i32>(r01, r23, 0, 4, 1, 5)
  const rows23 = v128.shuffle<i32>(r01, r23, 2, 6, 3, 7)
  if (isLast) {
    const pixels = i8x16.narrow_i16x8_u(rows01, rows23)
    v128.store32_lane(target, pixels, 0)
    v128.store32_lane(target + stride, pixels, 1)
    v128.store32_lane(target + 2 * stride, pixels, 2)
    v128.store32_lane(target + 3 * stride, pixels, 3)
  } else {
    v128.store64_lane(target, rows01, 0, 0)
    v128.store64_lane(target, rows01, 1, 16)
    v128.store64_lane(target, rows23, 0, 32)
    v128.store64_lane(target, rows23, 1, 48)
  }
}

/** Four columns of eight numbers → four rows of two, or two rows of two pixels. */
function passTo2(columns: usize, isLast: bool, target: usize, stride: usize): void {
  const c75 = turns(v128.load64_zero(columns, 112), v128.load64_zero(columns, 80))
  const c31 = turns(v128.load64_zero(columns, 48), v128.load64_zero(columns, 16))
  const first = i32x4.add(
    i32x4.shl(i32x4.extend_low_i16x8_s(v128.load64_zero(columns)), 15),
    half(halfOf2, isLast),
  )
  const odd = i32x4.add(sums(c75, two75), sums(c31, two31))
  const shift = isLast ? 20 : 13
  const r01 = whole(i32x4.add(first, odd), i32x4.sub(first, odd), shift)
  const columnsOf2 = turns(r01, v128.shuffle<i64>(r01, r01, 1, 1))
  if (isLast) {
    const pixels = i8x16.narrow_i16x8_u(columnsOf2, columnsOf2)
    v128.store16_lane(target, pixels, 0)
    v128.store16_lane(target + stride, pixels, 1)
  } else {
    v128.store32_lane(target, columnsOf2, 0, 0)
    v128.store32_lane(target, columnsOf2, 1, 16)
    v128.store32_lane(target, columnsOf2, 2, 32)
    v128.store32_lane(target, columnsOf2, 3, 48)
  }
}

/** A block without other coefficients than its first: all pixels are one level. */
function fill(level: i32, size: i32, target: usize, stride: usize): void {
  const pixels = i8x16.splat(<i8>max(0, min(255, level)))
  for (let y = 0; y < size; y++, target += stride) {
    if (size === 8) v128.store64_lane(target, pixels, 0)
    else if (size === 4) v128.store32_lane(target, pixels, 0)
    else if (size === 2) v128.store16_lane(target, pixels, 0)
    else v128.store8_lane(target, pixels, 0)
  }
}

/** A block before and after the first pass. */
const multiplied: usize = memory.data(128, 16)
const rows: usize = memory.data(128, 16)

/** Four rows of a block, times their factors. */
function multiply(block: usize, factors: usize, target: usize): void {
  v128.store(target, i16x8.mul(v128.load(block), v128.load(factors)))
  v128.store(target, i16x8.mul(v128.load(block, 16), v128.load(factors, 16)), 16)
  v128.store(target, i16x8.mul(v128.load(block, 32), v128.load(factors, 32)), 32)
  v128.store(target, i16x8.mul(v128.load(block, 48), v128.load(factors, 48)), 48)
}

/** Up to this place in the file's order coefficients are all in the first four rows and columns. */
const lastOfFour = 9

/**
 * Writes a block as `size × size` pixels, rows of which are `stride` bytes apart. `factors` are what its coefficients are
 * multiplied by, row by row; `last` is the place of its last coefficient in the file's order.
 */
export function transform(
  block: usize,
  factors: usize,
  last: i32,
  size: i32,
  target: usize,
  stride: usize,
): void {
  if (last === 0 || size === 1) {
    // With two bits of fraction between the passes, which decide nothing here.
    const first = <i32>(<i16>(<i32>load<i16>(block) * <i32>load<i16>(factors)))
    fill(((first + 4) >> 3) + 128, size, target, stride)
    return
  }
  const isSmall = last <= lastOfFour && size > 2
  multiply(block, factors, multiplied)
  if (!isSmall) multiply(block + 64, factors + 64, multiplied + 64)
  if (size === 8) {
    passTo8(multiplied, isSmall, false, rows, 0)
    if (!isSmall) passTo8(multiplied + 8, false, false, rows + 64, 0)
    passTo8(rows, isSmall, true, target, stride)
    passTo8(rows + 8, isSmall, true, target + 4 * stride, stride)
  } else if (size === 4) {
    passTo4(multiplied, isSmall, false, rows, 0)
    if (!isSmall) passTo4(multiplied + 8, false, false, rows + 64, 0)
    passTo4(rows, isSmall, true, target, stride)
  } else {
    passTo2(multiplied, false, rows, 0)
    passTo2(multiplied + 8, false, rows + 64, 0)
    passTo2(rows, true, target, stride)
  }
}
