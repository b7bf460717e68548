// Hues, as PIL turns them: to HSV in bytes, and back. Where PIL takes double precision, integers give the same here; where
// it takes single precision, whose rounding decides between neighbours, so is it done.

import { blue, green, red, storeTwelve } from './rgb'

/** Added to a small number in single precision, it leaves the nearest integer in the lowest bits. */
const shiftPoint: f32 = 8388608

/** The part of 255 that shares from 0 to 1 in single precision are, without its fraction. */
function in255(shares: v128): v128 {
  const shifted = f32x4.add(f32x4.mul(shares, f32x4.splat(255)), f32x4.splat(shiftPoint))
  const nearest = f32x4.sub(shifted, f32x4.splat(shiftPoint))
  // 256 · share − nearest is exact, so this tells what has been rounded up
  const rest = f32x4.sub(f32x4.mul(shares, f32x4.splat(256)), nearest)
  return i32x4.add(integers(shifted), f32x4.lt(rest, shares))
}

function integers(shifted: v128): v128 {
  return i32x4.sub(shifted, f32x4.splat(shiftPoint))
}

/** Two of four numbers of sixths, from −1 to 6, as turns. */
function turns(sixths: v128): v128 {
  const doubles = f64x2.promote_low_f32x4(sixths)
  const isBelow = f64x2.lt(doubles, f64x2.splat(0))
  const exact = f64x2.add(f64x2.div(doubles, f64x2.splat(6)), v128.and(isBelow, f64x2.splat(1)))
  return f32x4.demote_f64x2_zero(exact)
}

/** Hues of 255, counted from red. */
function hueOf(r: v128, g: v128, b: v128, value: v128, least: v128, spreads: v128): v128 {
  const isRed = i32x4.eq(r, value)
  const isGreen = i32x4.eq(g, value)
  const base = v128.andnot(v128.bitselect(i32x4.splat(2), i32x4.splat(4), isGreen), isRed)
  // base + more − less, in shares of the spread: the share of the least channel is 1, so one rounding is left
  const more = v128.bitselect(b, v128.bitselect(r, g, isGreen), isRed)
  const less = v128.bitselect(g, v128.bitselect(b, r, isGreen), isRed)
  const isMoreLeast = i32x4.eq(more, least)
  const other = v128.bitselect(i32x4.sub(less, value), i32x4.sub(value, more), isMoreLeast)
  const one = v128.bitselect(i32x4.splat(1), i32x4.splat(-1), isMoreLeast)
  const sixths = f32x4.add(
    f32x4.convert_i32x4_s(i32x4.add(base, one)),
    f32x4.div(f32x4.convert_i32x4_s(other), spreads),
  )
  const last = turns(v128.shuffle<i64>(sixths, sixths, 1, 1))
  return in255(v128.shuffle<i64>(turns(sixths), last, 0, 2))
}

/** ⌊x / 255⌋ of integers below 65,535. */
function over255(x: v128): v128 {
  const next = i32x4.add(x, i32x4.splat(1))
  return i32x4.shr_u(i32x4.add(next, i32x4.shr_u(next, 8)), 8)
}

/** value · (1 − strength / 255²), to the nearest: the quotient is farther from halfway than it can be off. */
function weakened(value: v128, strength: v128): v128 {
  const left = f32x4.convert_i32x4_s(i32x4.mul(value, i32x4.sub(i32x4.splat(65025), strength)))
  return integers(f32x4.add(f32x4.div(left, f32x4.splat(65025)), f32x4.splat(shiftPoint)))
}

/** Sectors of four pixels, for three channels each. */
const thrice = memory.data<u8>([0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12, 0, 0, 0, 0], 16)
/** Green is four sectors before red, and blue two. */
const later = memory.data<u8>([0, 4, 2, 0, 4, 2, 0, 4, 2, 0, 4, 2, 0, 0, 0, 0], 16)
/** Red by its sectors: full (0), falling (1), low (3), low, rising (2), full, and so on. */
const levelOf = memory.data<u8>([0, 1, 3, 3, 2, 0, 0, 1, 3, 3, 2, 0, 0, 0, 0, 0], 16)

/** Writes four pixels of sectors from 0 to 6, the last of which is the first again. */
function storeSectors(
  target: usize,
  sectors: v128,
  full: v128,
  falling: v128,
  rising: v128,
  low: v128,
): void {
  const levels = v128.or(
    v128.or(full, i32x4.shl(falling, 8)),
    v128.or(i32x4.shl(rising, 16), i32x4.shl(low, 24)),
  )
  const pixels = v128.load(thrice)
  const channels = i8x16.add(i8x16.swizzle(sectors, pixels), v128.load(later))
  const places = i8x16.add(i8x16.swizzle(v128.load(levelOf), channels), pixels)
  storeTwelve(target, i8x16.swizzle(levels, places))
}

/**
 * Turns the hues of RGB pixels by `shift` of 256 steps, in place, four at a time. Reads and writes up to 15 bytes beyond the
 * end.
 */
export function turnHue(data: usize, pixels: i32, shift: i32): void {
  const shifts = i32x4.splat(shift)
  const full = i32x4.splat(255)
  for (let end = data + 3 * pixels; data < end; data += 12) {
    const bytes = v128.load(data)
    const r = red(bytes)
    const g = green(bytes)
    const b = blue(bytes)
    const value = i32x4.max_u(r, i32x4.max_u(g, b))
    const least = i32x4.min_u(r, i32x4.min_u(g, b))
    const spread = i32x4.sub(value, least)
    const spreads = f32x4.convert_i32x4_s(spread)
    const share = f32x4.div(spreads, f32x4.convert_i32x4_s(value))
    // Greys have no hue: without saturation it does not matter what 0 / 0 gives
    const saturation = v128.and(in255(share), i32x4.ne(spread, i32x4.splat(0)))
    const hue = v128.and(i32x4.add(hueOf(r, g, b, value, least, spreads), shifts), full)

    const sixths = i32x4.mul(hue, i32x4.splat(6))
    const sectors = over255(sixths)
    const part = i32x4.sub(sixths, i32x4.mul(sectors, full))
    const low = weakened(value, i32x4.mul(saturation, full))
    const falling = weakened(value, i32x4.mul(saturation, part))
    const rising = weakened(value, i32x4.mul(saturation, i32x4.sub(full, part)))
    storeSectors(data, sectors, value, falling, rising, low)
  }
}
