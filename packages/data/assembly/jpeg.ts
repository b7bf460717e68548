// Decodes the scan of a baseline JPEG, whole or in part, at ⅛, ¼, ½ or all of its size, to the same pixels as libjpeg's
// (its accurate integer transforms and smooth upsampling): `node tools/kernels.mjs` compiles it to
// src/jpeg/jpeg.wasm.ts. Addresses are bytes of the module's memory; behind its own tables, from `base` on, its caller
// lays it out. Loops that take 16 bytes at a time read and write up to 15 bytes beyond the end of their data.

import { transform } from './inverse-dct'

export { toRgb, upsample } from './color'

/** Where the caller's part of memory begins. */
export const base: usize = (__heap_base + 15) & ~15

/** Bits that a look-up decodes at once: a code, and where there is room the value behind it. */
const lookUpBits: u32 = 11
/** A table is look-ups, limits of codes by length, differences from codes to places of symbols, symbols. */
const limitsAt: usize = 4 << 11
const differencesAt: usize = limitsAt + 4 * 17
const symbolsAt: usize = differencesAt + 4 * 17
const tableSize: usize = symbolsAt + 256
const tables: usize = memory.data(8 * 8584, 16)

/** A look-up's value is its upper half, its run the second byte, its length in bits the lower 7 of the first. */
const isUnfinished: u32 = 0x80
/** The run of a block's end. */
const endOfBlock: u32 = 64

/** A symbol's look-up where the value behind it is still to be read: its size stands for the value. */
function unfinished(symbol: u32, length: u32): u32 {
  return ((symbol & 15) << 16) | ((symbol >> 4) << 8) | isUnfinished | length
}

/** Bits of a size → the value that they mean. */
function signedValue(raw: i32, size: i32): i32 {
  return raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw
}

/**
 * Makes table `slot` (0 to 3 for DC, 4 to 7 for AC) of a Huffman table as files have it: the number of codes of each
 * length, then their symbols. Gives 0 when there are more codes than a length has.
 */
export function makeTable(slot: u32, source: usize): i32 {
  const table = tables + <usize>slot * tableSize
  const isDc = slot < 4
  for (let i: u32 = 0; i < 1 << lookUpBits; i++) store<u32>(table + (i << 2), isUnfinished)
  let code: u32 = 0
  let place: u32 = 0
  for (let length: u32 = 1; length <= 16; length++) {
    const count = <u32>load<u8>(source + length - 1)
    store<i32>(table + differencesAt + (length << 2), <i32>place - <i32>code)
    if (code + count > 1 << length || place + count > 256) return 0
    for (let i: u32 = 0; i < count; i++, code++, place++) {
      const symbol = <u32>load<u8>(source + 16 + place)
      store<u8>(table + symbolsAt + place, <u8>symbol)
      if (length <= lookUpBits) fillLookUps(table, code, length, isDc ? symbol & 15 : symbol, isDc)
    }
    store<u32>(table + limitsAt + (length << 2), code << (16 - length))
    code <<= 1
  }
  return 1
}

function fillLookUps(table: usize, code: u32, length: u32, symbol: u32, isDc: bool): void {
  const size = symbol & 15
  const free = lookUpBits - length
  const from = table + ((code << free) << 2)
  for (let rest: u32 = 0; rest < 1 << free; rest++) {
    let entry: u32
    if (size === 0) {
      const run = isDc ? 0 : symbol === 0xf0 ? 15 : endOfBlock
      entry = (run << 8) | length
    } else if (size > free) entry = unfinished(symbol, length)
    else {
      const value = signedValue(rest >> (free - size), size)
      entry = ((<u32>value) << 16) | ((symbol >> 4) << 8) | (length + size)
    }
    store<u32>(from + (rest << 2), entry)
  }
}

/** The look-up of a code that is longer than a look-up; 0 when there is none. */
function longCode(table: usize, upper: u32, isDc: bool): u32 {
  for (let length: u32 = lookUpBits + 1; length <= 16; length++) {
    if (upper >= load<u32>(table + limitsAt + (length << 2))) continue
    const place = <i32>(upper >> (16 - length)) + load<i32>(table + differencesAt + (length << 2))
    const symbol = <u32>load<u8>(table + symbolsAt + (place & 255))
    if ((symbol & 15) !== 0) return unfinished(isDc ? symbol & 15 : symbol, length)
    const run = isDc ? 0 : symbol === 0xf0 ? 15 : endOfBlock
    return (run << 8) | length
  }
  return 0
}

/** The scan's bytes between two markers, without stuffing, backwards: so that what comes first is uppermost when read. */
let next: usize = 0
let end: usize = 0
/** Bits that were read from there, the next ones uppermost, and how many. */
let bits: u64 = 0
let held: i32 = 0

/** Copies the bytes up to the next marker, whose address it gives; `last` is the end of the file. */
function takeSegment(source: usize, last: usize, buffer: usize): usize {
  let target = buffer
  const full = i8x16.splat(-1)
  while (source < last) {
    if (source + 16 <= last) {
      const bytes = v128.load(source)
      if (!v128.any_true(i8x16.eq(bytes, full))) {
        const turned = i8x16.shuffle(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
        v128.store(target - 15, turned)
        source += 16
        target -= 16
        continue
      }
    }
    const byte = load<u8>(source)
    if (byte === 0xff && source + 1 < last) {
      const following = load<u8>(source, 1)
      if (following === 0xff) {
        source++
        continue
      }
      if (following !== 0) break
      source++
    }
    store<u8>(target--, byte)
    source++
  }
  // What is read beyond the end is zeros
  v128.store(target - 15, i32x4.splat(0))
  next = buffer
  end = target
  bits = 0
  held = 0
  return source
}

/** Whether more was read than there is. */
function isBeyondEnd(): bool {
  return <isize>next + (held >> 3) < <isize>end
}

/** Places of coefficients in the order of the file, 15 more for what damaged files run beyond. */
const order: usize = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
])

/** A block's coefficients, row by row, times what they were divided by. */
const block: usize = memory.data(128, 16)

/** What the caller says of a component, in 32 bits each, from `components` on. */
const componentSize: usize = 48
export const components: usize = memory.data(3 * 48, 16)
const dcTable: usize = 0
const acTable: usize = 4
const across: usize = 8
const down: usize = 12
/** Pixels that a block becomes in each direction: 8, 4, 2 or 1. */
const size: usize = 16
const plane: usize = 20
const stride: usize = 24
/** 64 factors of 16 bits in the order of the file. */
const factors: usize = 28
const predicted: usize = 32

/** How far look-ups are from the lower end of what is held. */
const look = <u64>(64 - lookUpBits)

/** Decodes a block of a component; gives the place of its last coefficient, or −1 where there is no such code. */
function readBlock(component: usize): i32 {
  const dc = tables + <usize>load<u32>(component, dcTable) * tableSize
  const ac = tables + <usize>load<u32>(component, acTable) * tableSize
  const factor = load<u32>(component, factors)
  let buffer = bits
  let count = held
  let from = next

  for (let at: usize = 0; at < 128; at += 16) v128.store(block + at, i32x4.splat(0))
  if (count < 32) {
    buffer |= load<u64>(from - 7) >> count
    from -= (63 - count) >> 3
    count |= 56
  }
  let entry = load<u32>(dc + ((<usize>(buffer >> look)) << 2))
  if (entry & isUnfinished) {
    if (entry === isUnfinished) entry = longCode(dc, <u32>(buffer >> 48), true)
    if (entry === 0) return -1
    const length = entry & 31
    buffer <<= length
    count -= length
    if (entry & isUnfinished) {
      const bitsOf = entry >> 16
      entry = (<u32>signedValue(<i32>(buffer >> (64 - bitsOf)), bitsOf)) << 16
      buffer <<= bitsOf
      count -= bitsOf
    }
  } else {
    buffer <<= entry & 31
    count -= entry & 31
  }
  const value = load<i32>(component, predicted) + (<i32>entry >> 16)
  store<i32>(component, value, predicted)
  store<i16>(block, <i16>(value * <i32>load<u16>(factor)))

  let last = 0
  for (let k = 1; k < 64; k++) {
    if (count < 32) {
      buffer |= load<u64>(from - 7) >> count
      from -= (63 - count) >> 3
      count |= 56
    }
    entry = load<u32>(ac + ((<usize>(buffer >> look)) << 2))
    let coefficient = <i32>entry >> 16
    if (entry & isUnfinished) {
      if (entry === isUnfinished) entry = longCode(ac, <u32>(buffer >> 48), false)
      if (entry === 0) return -1
      coefficient = 0
      if (entry & isUnfinished) {
        const length = entry & 31
        buffer <<= length
        count -= length
        const bitsOf = entry >> 16
        coefficient = signedValue(<i32>(buffer >> (64 - bitsOf)), bitsOf)
        entry = (entry & 0xff00) | bitsOf
      }
    }
    buffer <<= entry & 31
    count -= entry & 31
    k += (entry >> 8) & 127
    if (k >= 64) {
      if (k < 128 && entry >> 8 !== endOfBlock) return -1
      break
    }
    store<i16>(
      block + ((<usize>load<u8>(order + k)) << 1),
      <i16>(coefficient * <i32>load<u16>(factor + (k << 1))),
    )
    last = k
  }
  bits = buffer
  held = count
  next = from
  return last
}

function resetPredictions(count: i32): void {
  for (let i = 0; i < count; i++) store<i32>(components + <usize>i * componentSize, 0, predicted)
}

/**
 * Decodes the blocks of minimum coded units in `[firstRow, endRow) × [firstColumn, endColumn)` to the planes of their
 * components; those before are only read. Gives 1, or 0 where the file is damaged.
 */
export function decodeScan(
  source: usize,
  last: usize,
  buffer: usize,
  count: i32,
  unitsAcross: i32,
  restartInterval: i32,
  firstRow: i32,
  endRow: i32,
  firstColumn: i32,
  endColumn: i32,
): i32 {
  let marker = takeSegment(source, last, buffer)
  let left = restartInterval
  let restarts = 0
  resetPredictions(count)
  for (let row = 0; row < endRow; row++) {
    for (let column = 0; column < unitsAcross; column++) {
      if (restartInterval > 0 && left-- === 0) {
        if (isBeyondEnd() || marker + 2 > last || load<u8>(marker, 1) !== 0xd0 + (restarts++ & 7)) return 0
        marker = takeSegment(marker + 2, last, buffer)
        resetPredictions(count)
        left = restartInterval - 1
      }
      const isWanted = row >= firstRow && column >= firstColumn && column < endColumn
      for (let i = 0; i < count; i++) {
        const component = components + <usize>i * componentSize
        const width = load<i32>(component, across)
        const height = load<i32>(component, down)
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const lastPlace = readBlock(component)
            if (lastPlace < 0) return 0
            if (!isWanted) continue
            const pixels = load<i32>(component, size)
            const rowStride = load<i32>(component, stride)
            const top = ((row - firstRow) * height + y) * pixels
            const start = ((column - firstColumn) * width + x) * pixels
            transform(
              block,
              lastPlace,
              pixels,
              load<u32>(component, plane) + top * rowStride + start,
              rowStride,
            )
          }
        }
      }
    }
    if (isBeyondEnd()) return 0
  }
  return 1
}
