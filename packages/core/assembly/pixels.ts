// Loops over pixels that JavaScript runs ten times slower, in AssemblyScript: `node tools/kernels.mjs` compiles them to
// src/pixel-kernels.wasm.ts. Addresses are bytes of the module's memory, which its caller lays out. Loops that take 16
// bytes at a time read and write up to 15 bytes beyond the end of their data.

/** Fraction bits of the weights, as PIL has them for 8-bit images. */
const bits = 22

/** Reads an RGB pixel as three integers; the fourth is whatever follows. */
function pixelAt(address: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(address)))
}

/** Four vectors of integers → their 16 bytes, cut off at 0 and 255. */
function toBytes(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d))
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
  for (let y = 0; y < rows; y++) {
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
      sum = i32x4.shr_s(sum, bits)
      v128.store32_lane(target, toBytes(sum, sum, sum, sum), 0)
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
        const pixels = v128.load(bytes)
        const low = i16x8.extend_low_i8x16_u(pixels)
        const high = i16x8.extend_high_i8x16_u(pixels)
        const factor = v128.load32_splat(w)
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), factor))
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), factor))
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), factor))
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), factor))
      }
      const shifted = toBytes(
        i32x4.shr_s(a, bits),
        i32x4.shr_s(b, bits),
        i32x4.shr_s(c, bits),
        i32x4.shr_s(d, bits),
      )
      v128.store(target + x, shifted)
    }
    target += stride
  }
}

/** Four RGB pixels as a vector for each channel: the bytes 3i + channel, each with three zeros behind it. */
function red(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i32x4.splat(0), 0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16)
}
function green(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i32x4.splat(0), 1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16)
}
function blue(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i32x4.splat(0), 2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16)
}

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
    const r = i8x16.shuffle(
      i8x16.shuffle(first, second, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0),
      third,
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      17,
      20,
      23,
      26,
      29,
    )
    const g = i8x16.shuffle(
      i8x16.shuffle(first, second, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0),
      third,
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      18,
      21,
      24,
      27,
      30,
    )
    const b = i8x16.shuffle(
      i8x16.shuffle(first, second, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0),
      third,
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      16,
      19,
      22,
      25,
      28,
      31,
    )
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
    const rg0 = i8x16.shuffle(red, green, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5)
    const rg1 = i8x16.shuffle(red, green, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26)
    const rg2 = i8x16.shuffle(red, green, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0)
    v128.store(data, i8x16.shuffle(rg0, blue, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15))
    v128.store(data, i8x16.shuffle(rg1, blue, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15), 16)
    v128.store(data, i8x16.shuffle(rg2, blue, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31), 32)
  }
}

/** Rows of RGB pixels in the order from right to left; `target` is other memory. */
export function mirrorRows(source: usize, rows: i32, width: i32, target: usize): void {
  const length = 3 * width
  for (let y = 0; y < rows; y++, source += length, target += length) {
    let x = 0
    // Five pixels and a byte that the next five overwrite
    for (; x + 5 < width; x += 5) {
      const pixels = v128.load(source + 3 * x)
      const turned = i8x16.shuffle(pixels, pixels, 0, 12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2)
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

/** A colour's hue as a byte; in single precision, whose rounding decides between neighbours. */
function hueOf(r: i32, g: i32, b: i32, value: i32, spread: f32): i32 {
  const fromRed = <f64>(<f32>(value - r) / spread)
  const fromGreen = <f64>(<f32>(value - g) / spread)
  const fromBlue = <f64>(<f32>(value - b) / spread)
  let sixths: f64
  if (r === value) sixths = <f64>(<f32>(fromBlue - fromGreen))
  else if (g === value) sixths = <f64>(<f32>(2 + fromRed - fromBlue))
  else sixths = <f64>(<f32>(4 + fromGreen - fromRed))
  const turns = <f32>(sixths < 0 ? sixths / 6 + 1 : sixths / 6)
  return <i32>(<f64>turns * 255)
}

/** Turns the hues of RGB pixels by `shift` of 256 steps, in place, as PIL's conversions to HSV and back round. */
export function turnHue(data: usize, pixels: i32, shift: i32): void {
  for (let end = data + 3 * pixels; data < end; data += 3) {
    const r = <i32>load<u8>(data)
    const g = <i32>load<u8>(data, 1)
    const b = <i32>load<u8>(data, 2)
    const value = max(r, max(g, b))
    const spread = value - min(r, min(g, b))
    const saturation = spread === 0 ? 0 : <i32>(<f64>(<f32>spread / <f32>value) * 255)
    if (saturation === 0) {
      store<u8>(data, value)
      store<u8>(data, value, 1)
      store<u8>(data, value, 2)
      continue
    }
    const hue = (hueOf(r, g, b, value, <f32>spread) + shift) & 255
    const sixths = <f64>(hue * 6) / 255
    const part = sixths - floor(sixths)
    const strength = <f64>saturation / 255
    const low = <i32>floor(<f64>value * (1 - strength) + 0.5)
    const falling = <i32>floor(<f64>value * (1 - strength * part) + 0.5)
    const rising = <i32>floor(<f64>value * (1 - strength * (1 - part)) + 0.5)
    // From red on; the last hue is red again
    const sector = <i32>sixths % 6
    store<u8>(
      data,
      sector === 0 || sector === 5 ? value : sector === 1 ? falling : sector === 4 ? rising : low,
    )
    store<u8>(
      data,
      sector === 1 || sector === 2 ? value : sector === 3 ? falling : sector === 0 ? rising : low,
      1,
    )
    store<u8>(
      data,
      sector === 3 || sector === 4 ? value : sector === 5 ? falling : sector === 2 ? rising : low,
      2,
    )
  }
}
