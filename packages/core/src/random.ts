/**
 * Counter-based random numbers: a value depends on the seed, the names of its stream and its position, and on
 * nothing drawn before it. So a run repeats and resumes exactly, whatever order things happen in.
 */
export interface RandomStream {
  /** Integer in 0 … 2³² − 1 at a position of the stream. */
  uint32(position: number): number
  /** Number in [0, 1) at a position. */
  uniform(position: number): number
  /** Standard normal deviate at a position (Box–Muller). */
  normal(position: number): number
  /** The numbers 0 … length − 1 in random order (Fisher–Yates). */
  permutation(length: number): Uint32Array
  /** A stream of its own under this one. */
  stream(...names: readonly (string | number)[]): RandomStream
}

/** The stream for a seed and a path of names, such as `random(1, 'dropout', epoch, step)`. */
export function random(seed: number, ...names: readonly (string | number)[]): RandomStream {
  return streamOf(hashNames([seed, ...names]))
}

function streamOf(key: readonly [number, number]): RandomStream {
  // Four values come from one block, and two deviates from one pair: sequential readers compute each once.
  let current = -1
  const words = new Uint32Array(4)
  const uint32 = (position: number) => {
    const block = Math.floor(position / 4)
    if (block !== current) {
      encrypt(words, [block >>> 0, Math.floor(block / 2 ** 32), 0, 0], key)
      current = block
    }
    return words[position - 4 * block] as number
  }
  let currentPair = -1
  const deviates = new Float64Array(2)
  return {
    uint32,
    uniform: (position) => uint32(position) / 2 ** 32,
    normal(position) {
      const pair = Math.floor(position / 2)
      if (pair !== currentPair) {
        const radius = Math.sqrt(-2 * Math.log((uint32(2 * pair) + 1) / 2 ** 32))
        const angle = (2 * Math.PI * uint32(2 * pair + 1)) / 2 ** 32
        deviates[0] = radius * Math.cos(angle)
        deviates[1] = radius * Math.sin(angle)
        currentPair = pair
      }
      return deviates[position - 2 * pair] as number
    },
    permutation(length) {
      const order = Uint32Array.from({ length }, (_, i) => i)
      for (let i = length - 1; i > 0; i--) {
        const j = Math.floor((uint32(i) / 2 ** 32) * (i + 1))
        const moved = order[i] as number
        order[i] = order[j] as number
        order[j] = moved
      }
      return order
    },
    stream: (...names) => streamOf(hashNames([...key, ...names])),
  }
}

type Block = readonly [number, number, number, number]

/**
 * Philox4x32 with 10 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): four 32-bit
 * words from a counter and a key.
 */
export function philox4x32(counter: Block, key: readonly [number, number]): Block {
  const words = new Uint32Array(4)
  encrypt(words, counter, key)
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = words
  return [c0, c1, c2, c3]
}

/** {@link philox4x32} into `words`: networks draw a hundred million numbers, so nothing is allocated. */
function encrypt(
  words: Uint32Array,
  [first, second, third, fourth]: Block,
  [key0, key1]: readonly [number, number],
): void {
  // As signed words, which the compiler keeps in registers.
  let [c0, c1, c2, c3, k0, k1] = [first | 0, second | 0, third | 0, fourth | 0, key0 | 0, key1 | 0]
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0)
    const high1 = multiplyHigh(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  words[0] = c0
  words[1] = c1
  words[2] = c2
  words[3] = c3
}

/** Upper 32 bits of the product of two 32-bit words. Every intermediate result is a word too. */
function multiplyHigh(a: number, b: number): number {
  const [a1, a0, b1, b0] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff]
  const low = Math.imul(a0, b0) >>> 16
  const middle = (Math.imul(a1, b0) + low) | 0
  const cross = (Math.imul(a0, b1) + (middle & 0xffff)) | 0
  return (Math.imul(a1, b1) + (middle >>> 16) + (cross >>> 16)) | 0
}

/** A 64-bit key from a path of names: two FNV-1a hashes with the avalanche of MurmurHash3. */
function hashNames(names: readonly (string | number)[]): readonly [number, number] {
  const text = names.map((name) => `${typeof name}:${name}`).join('/')
  return [hash(text, 0x811c9dc5), hash(text, 0x01000193)]
}

function hash(text: string, basis: number): number {
  let h = basis
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
