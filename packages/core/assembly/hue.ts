// Hues, as PIL turns them: to HSV in bytes, and back. Where PIL takes double precision, integers give the same here; where
// it takes single precision, whose rounding decides between neighbours, so is it done.

import { blue, green, red } from './rgb'

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

/** Sectors from 0 to 6, the last of which is the first again, counted from `start` on. */
function sectorsFrom(sectors: v128, start: i32): v128 {
  const moved = i32x4.add(sectors, i32x4.splat(start))
  return i32x4.sub(moved, v128.and(i32x4.gt_s(moved, i32x4.splat(5)), i32x4.splat(6)))
}

/** Red by its sectors: full in 5 and 0, falling in 1, low in 2 and 3, rising in 4. The others are so some sectors later. */
function channel(sectors: v128, full: v128, falling: v128, low: v128, rising: v128): v128 {
  const isFull = v128.or(i32x4.eq(sectors, i32x4.splat(0)), i32x4.eq(sectors, i32x4.splat(5)))
  const isFalling = i32x4.eq(sectors, i32x4.splat(1))
  const isRising = i32x4.eq(sectors, i32x4.splat(4))
  const others = v128.bitselect(falling, v128.bitselect(rising, low, isRising), isFalling)
  return v128.bitselect(full, others, isFull)
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
    const reds = channel(sectorsFrom(sectors, 0), value, falling, low, rising)
    const greens = channel(sectorsFrom(sectors, 4), value, falling, low, rising)
    const blues = channel(sectorsFrom(sectors, 2), value, falling, low, rising)
    const colors = v128.or(reds, v128.or(i32x4.shl(greens, 8), i32x4.shl(blues, 16)))
    const packed = i8x16.shuffle(colors, colors, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0)
    v128.store64_lane(data, packed, 0)
    v128.store32_lane(data, packed, 2, 8)
  }
}
