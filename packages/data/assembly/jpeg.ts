// Decodes the scan of a baseline JPEG, whole or in part, at ⅛, ¼, ½ or all of its size, to the same pixels as libjpeg's
// (its accurate integer transforms and smooth upsampling): `node tools/kernels.mjs` compiles it to
// src/jpeg/jpeg.wasm.ts. Addresses are bytes of the module's memory; behind its own tables, from `base` on, its caller
// lays it out. Loops that take 16 bytes at a time read and write up to 15 bytes beyond the end of their data.

import {
  finished,
  firstOf,
  isEnd,
  isUnfinished,
  lookUp,
  lookUpPair,
  runOf,
  secondOf,
  singleOf,
  stepOf,
  tableOf,
} from './huffman'
import { transform } from './inverse-dct'

export { toRgb, upsample } from './color'
export { makeTable } from './huffman'

/** Where the caller's part of memory begins. */
export const base: usize = (__heap_base + 15) & ~15

/**
 * What was read of the scan's bytes between two markers and is not decoded: its bits, the next ones uppermost; how many there
 * are; the address behind them; and the place in the file's order of the coefficient that comes next. In memory, as V8 keeps
 * there what is in variables over a call.
 */
const state = memory.data(24, 16)
const bits: usize = 0
const held: usize = 8
const next: usize = 12
const place: usize = 16
/** Where those bytes end. They are there backwards, without stuffing, so that what comes first is uppermost when read. */
let end: usize = 0

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
  end = target
  keep(0, 0, buffer)
  return source
}

/** Writes the state but for the place. Of `count` only the lower 6 bits tell, as shifts take no more. */
function keep(buffer: u64, count: i32, from: usize): void {
  store<u64>(state, buffer, bits)
  store<i32>(state, count & 63, held)
  store<u32>(state, <u32>from, next)
}

/** Whether more was read than there is. */
function isBeyondEnd(): bool {
  return load<i32>(state, next) + (load<i32>(state, held) >> 3) < <i32>end
}

/** Where coefficients of 16 bits are in a block, in the order of the file, more than 64 for what damaged files run beyond. */
const order: usize = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12,
  14, 28, 42, 56, 70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76,
  62, 78, 92, 106, 120, 122, 108, 94, 110, 124, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126,
  126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126,
])

/** A block's coefficients, row by row, times what they were divided by. */
const block: usize = memory.data(128, 16)

/** What the caller says of a component, in 32 bits each, from `components` on. */
const componentSize: usize = 48
export const components: usize = memory.data(3 * 48, 16)
/** Slots of tables, and addresses for them once decoding begins. */
const dcTable: usize = 0
const acTable: usize = 4
const across: usize = 8
const down: usize = 12
/** Pixels that a block becomes in each direction: 8, 4, 2 or 1. */
const size: usize = 16
const plane: usize = 20
const stride: usize = 24
/** 64 factors of 16 bits: the caller has them in the order of the file, and `decodeScan` row by row. */
const factors: usize = 28
const predicted: usize = 32

/** Writes a coefficient to its place of the file's order. */
function setCoefficient(k: u32, value: i32): void {
  store<i16>(<usize>load<u8>(k, order), <i16>value, block)
}

function clearBlock(): void {
  const zeros = i32x4.splat(0)
  v128.store(block, zeros, 0)
  v128.store(block, zeros, 16)
  v128.store(block, zeros, 32)
  v128.store(block, zeros, 48)
  v128.store(block, zeros, 64)
  v128.store(block, zeros, 80)
  v128.store(block, zeros, 96)
  v128.store(block, zeros, 112)
}

/** Decodes a block's first coefficient; 0 where there is no such code. */
function readFirst(component: usize): i32 {
  let from = <usize>load<u32>(state, next)
  let count = load<i32>(state, held)
  const buffer = load<u64>(state, bits) | (load<u64>(from - 7) >> count)
  from -= (~count & 63) >> 3
  count |= 56
  const dc = <usize>load<u32>(component, dcTable)
  let entry = lookUp(dc, buffer)
  if (entry & isUnfinished) {
    entry = finished(dc, buffer, true)
    if (entry === 0) return 0
  }
  const value = load<i32>(component, predicted) + (<i32>entry >> singleOf)
  store<i32>(component, value, predicted)
  store<i16>(block, <i16>value)
  keep(buffer << entry, count - entry, from)
  return 1
}

/** Decodes a symbol that a look-up does not tell all of, and gives its look-up; 0 where there is none. */
function readUnfinished(ac: usize): u32 {
  const buffer = load<u64>(state, bits)
  const entry = finished(ac, buffer, false)
  let k = load<u32>(state, place) + ((entry >> runOf) & 15)
  if (!(entry & isEnd)) setCoefficient(k++, <i32>entry >> singleOf)
  store<u32>(state, k, place)
  keep(buffer << entry, load<i32>(state, held) - entry, load<u32>(state, next))
  return entry
}

/** Decodes a block's coefficients but the first; gives the place of the last one, or −1 where there is no such code. */
function readOthers(component: usize): i32 {
  const ac = <usize>load<u32>(component, acTable)
  let k: u32 = 1
  while (true) {
    let buffer = load<u64>(state, bits)
    let from = <usize>load<u32>(state, next)
    let count = load<i32>(state, held)
    while (true) {
      // While the next symbol is looked up, for which there are 29 bits or more, the ones behind it are read.
      let entry = lookUpPair(ac, buffer)
      const full = buffer | (load<u64>(from - 7) >> count)
      from -= (~count & 63) >> 3
      count |= 56
      if (entry & isUnfinished) {
        keep(full, count, from)
        break
      }
      const first = k + ((entry >> runOf) & 15)
      k = first + ((entry >> stepOf) & 15)
      // Without a second one this is 0, and overwritten.
      setCoefficient(k, <i32>entry >> secondOf)
      setCoefficient(first, <i8>(entry >> firstOf))
      if (first >= 63) {
        if (first > 63) return -1
        // What follows is not of this block.
        entry = lookUp(ac, full)
        k = 63
      }
      k++
      buffer = full << entry
      count -= entry
      if (entry & isEnd || k > 63) {
        keep(buffer, count, from)
        // Without a coefficient before the end
        if (entry & isEnd && ((entry >> firstOf) & 255) === 0) k--
        return k > 64 ? -1 : <i32>k - 1
      }
    }
    store<u32>(state, k, place)
    const entry = readUnfinished(ac)
    if (entry === 0) return -1
    k = load<u32>(state, place)
    if (entry & isEnd || k > 63) return k > 64 ? -1 : <i32>k - 1
  }
}

/**
 * Reads over a block's coefficients but the first; gives 0 where there is no such code. A loop of its own, as all blocks would
 * pay for a question in that of {@link readOthers}.
 */
function skipOthers(component: usize): i32 {
  const ac = <usize>load<u32>(component, acTable)
  let k: u32 = 1
  while (true) {
    let buffer = load<u64>(state, bits)
    let from = <usize>load<u32>(state, next)
    let count = load<i32>(state, held)
    while (true) {
      let entry = lookUpPair(ac, buffer)
      const full = buffer | (load<u64>(from - 7) >> count)
      from -= (~count & 63) >> 3
      count |= 56
      if (entry & isUnfinished) {
        keep(full, count, from)
        break
      }
      const first = k + ((entry >> runOf) & 15)
      k = first + ((entry >> stepOf) & 15) + 1
      if (entry & isEnd || k > 63) {
        if (first >= 63) {
          if (first > 63) return 0
          // What follows is not of this block.
          entry = lookUp(ac, full)
          k = 64
        }
        keep(full << entry, count - entry, from)
        return i32(k <= 64)
      }
      buffer = full << entry
      count -= entry
    }
    store<u32>(state, k, place)
    const entry = readUnfinished(ac)
    if (entry === 0) return 0
    k = load<u32>(state, place)
    if (entry & isEnd || k > 63) return i32(k <= 64)
  }
}

/** Factors of the components, row by row. */
const factorsByRow: usize = memory.data(3 * 128, 16)

/** Makes of what the caller says of components what decoding takes. */
function prepare(count: i32): void {
  for (let i = 0; i < count; i++) {
    const component = components + <usize>i * componentSize
    const target = factorsByRow + ((<usize>i) << 7)
    const source = load<u32>(component, factors)
    for (let k: usize = 0; k < 64; k++) {
      store<u16>(target + <usize>load<u8>(order + k), load<u16>(source + (k << 1)))
    }
    store<u32>(component, <u32>target, factors)
    store<u32>(component, <u32>tableOf(load<u32>(component, dcTable)), dcTable)
    store<u32>(component, <u32>tableOf(load<u32>(component, acTable)), acTable)
  }
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
  prepare(count)
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
            if (isWanted) clearBlock()
            // Also of a block that is not wanted: the next one's is told by its difference.
            if (!readFirst(component)) return 0
            if (!isWanted) {
              if (!skipOthers(component)) return 0
              continue
            }
            const lastPlace = readOthers(component)
            if (lastPlace < 0) return 0
            const pixels = load<i32>(component, size)
            const rowStride = load<i32>(component, stride)
            const top = ((row - firstRow) * height + y) * pixels
            const start = ((column - firstColumn) * width + x) * pixels
            transform(
              block,
              load<u32>(component, factors),
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
