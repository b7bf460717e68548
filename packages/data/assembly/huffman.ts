// Huffman codes of JPEG: tables that tell a symbol, and most often its value too, of the next bits at once. Of coefficients
// a look-up gives two where both fit, as a processor waits for each look-up to know where the next one is.

/** Bits that a look-up decodes: a code, and where there is room the value behind it, or two of each. */
const lookUpBits: u32 = 11
/** How far they are up in 64 bits. */
const lookUpShift = <u64>(64 - lookUpBits)

/**
 * A table has look-ups of one symbol, look-ups of two, limits of codes by length, differences from codes to places of
 * symbols, symbols.
 */
const pairsAt: usize = 4 << 11
const limitsAt: usize = 8 << 11
const differencesAt: usize = limitsAt + 4 * 17
const symbolsAt: usize = differencesAt + 4 * 17
const tableSize: usize = symbolsAt + 256
const tables: usize = memory.data(8 * 16776, 16)

/** Table `slot`, 0 to 3 for DC and 4 to 7 for AC. */
export function tableOf(slot: u32): usize {
  return tables + <usize>slot * tableSize
}

/** The look-up of the symbol that 64 bits begin with: its value in the upper half, its run, flags and the length of all. */
export function lookUp(table: usize, bits: u64): u32 {
  return load<u32>(table + ((<usize>(bits >> lookUpShift)) << 2))
}

/** Of two symbols: values of 8 bits, that of the second uppermost, the step from the first to the second, and the rest. */
export function lookUpPair(table: usize, bits: u64): u32 {
  return load<u32>(table + ((<usize>(bits >> lookUpShift)) << 2), pairsAt)
}

/** The most bits of a value: of the first of a block, in images of 8 bits. */
const mostBits: u32 = 11

// A look-up's length is its lowest 6 bits, which is all that shifts take of it.

/** A flag: the value behind the code is still to be read, and its size stands for it. */
export const isUnfinished: u32 = 0x40
/** A flag: the block ends here. */
export const isEnd: u32 = 0x80
const isSpecial: u32 = isUnfinished | isEnd
/** How far up are the 4 bits of the run of zeros before the value, or the first of two. */
export const runOf: u32 = 8
/** From where the first is to where the second is; 0 where there is none. */
export const stepOf: u32 = 12
/** How far up values are: the first of two, the second, and a single one, which has no step. */
export const firstOf: u32 = 16
export const secondOf: u32 = 24
export const singleOf: u32 = 16

/** The look-up of a symbol without the value behind it. */
function symbolEntry(symbol: u32, length: u32, isDc: bool): u32 {
  const size = symbol & 15
  const run = isDc ? 0 : symbol >> 4
  if (size !== 0) return (size << 16) | (run << runOf) | isUnfinished | length
  // Sixteen zeros are fifteen and one more.
  return isDc ? length : run === 15 ? (15 << runOf) | length : isEnd | length
}

/** Bits of a size → the value that they mean. */
function signedValue(raw: i32, size: i32): i32 {
  return raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw
}

/**
 * Makes table `slot` (0 to 3 for DC, 4 to 7 for AC) of a Huffman table as files have it: the number of codes of each
 * length, then their symbols. Gives 0 when there are more codes than a length has, or values of more bits than in images of
 * 8 bits.
 */
export function makeTable(slot: u32, source: usize): i32 {
  const table = tableOf(slot)
  const isDc = slot < 4
  let code: u32 = 0
  let place: u32 = 0
  for (let length: u32 = 1; length <= 16; length++) {
    const count = <u32>load<u8>(source + length - 1)
    store<i32>(table + differencesAt + (length << 2), <i32>place - <i32>code)
    if (code + count > 1 << length || place + count > 256) return 0
    for (let i: u32 = 0; i < count; i++, code++, place++) {
      const symbol = <u32>load<u8>(source + 16 + place)
      if ((symbol & 15) > mostBits) return 0
      store<u8>(table + symbolsAt + place, <u8>symbol)
      if (length <= lookUpBits) fillLookUps(table, code, length, symbolEntry(symbol, length, isDc))
    }
    store<u32>(table + limitsAt + (length << 2), code << (16 - length))
    if (length === lookUpBits) repeat(table + (code << 2), isUnfinished, (1 << lookUpBits) - code)
    code <<= 1
  }
  if (!isDc) fillPairs(table)
  return 1
}

function fillLookUps(table: usize, code: u32, length: u32, symbol: u32): void {
  const size = symbol >> 16
  const free = lookUpBits - length
  const from = table + ((code << free) << 2)
  if (!(symbol & isUnfinished) || size > free) {
    repeat(from, symbol, 1 << free)
    return
  }
  const start = (symbol & (15 << runOf)) | (length + size)
  const count = 1 << (free - size)
  for (let raw = 0; raw < 1 << size; raw++) {
    repeat(from + ((raw * count) << 2), (signedValue(raw, size) << 16) | start, count)
  }
}

/** Writes a look-up so many times. */
function repeat(target: usize, entry: u32, count: u32): void {
  for (const end = target + (count << 2); target < end; target += 4) store<u32>(target, entry)
}

/** Whether a value has no more than the 8 bits that there are for it. */
function isShort(value: i32): bool {
  return value === <i32>(<i8>value)
}

/**
 * Look-ups of as much as can be decoded at once: two symbols, one and the block's end, or one. They are as those of one
 * symbol, but values have 8 bits.
 */
function fillPairs(table: usize): void {
  for (let i: u32 = 0; i < 1 << lookUpBits; ) {
    const entry = load<u32>(table + (i << 2))
    const value = <i32>entry >> 16
    if (entry & isSpecial || !isShort(value)) {
      // Values that do not fit are looked up again.
      store<u32>(table + (i++ << 2), entry & isSpecial ? entry : isUnfinished, pairsAt)
      continue
    }
    const length = entry & 63
    const single = ((value & 255) << firstOf) | (entry & (15 << runOf))
    for (const end = i + (1 << (lookUpBits - length)); i < end; i++) {
      const following = load<u32>(table + (((i << length) & ((1 << lookUpBits) - 1)) << 2))
      store<u32>(table + (i << 2), single | behind(length, following), pairsAt)
    }
  }
}

/** What a look-up has behind its first symbol, with the length of all. */
function behind(length: u32, following: u32): u32 {
  const sum = length + (following & 63)
  const value = <i32>following >> 16
  const step = ((following >> runOf) & 15) + 1
  const pair = ((value & 255) << secondOf) | (step << stepOf) | sum
  const isPair = i32(value !== 0) & i32(isShort(value)) & i32(step < 16)
  const both = select<u32>(isEnd | sum, select<u32>(pair, length, isPair), following & isEnd)
  return select<u32>(length, both, i32(sum > lookUpBits) | (following & isUnfinished))
}

/** The look-up of a code that is longer than a look-up; 0 when there is none. */
function longCode(table: usize, upper: u32, isDc: bool): u32 {
  for (let length: u32 = lookUpBits + 1; length <= 16; length++) {
    if (upper >= load<u32>(table + limitsAt + (length << 2))) continue
    const place = <i32>(upper >> (16 - length)) + load<i32>(table + differencesAt + (length << 2))
    return symbolEntry(load<u8>(table + symbolsAt + (place & 255)), length, isDc)
  }
  return 0
}

/** The look-up of the symbol that 64 bits begin with, with its value; 0 when there is no such code. */
export function finished(table: usize, bits: u64, isDc: bool): u32 {
  let entry = lookUp(table, bits)
  if (entry === isUnfinished) entry = longCode(table, <u32>(bits >> 48), isDc)
  if (!(entry & isUnfinished)) return entry
  const size = entry >> 16
  const value = signedValue(<i32>((bits << entry) >> (64 - size)), size)
  return ((<u32>value) << 16) | (entry & (15 << runOf)) | ((entry & 63) + size)
}
