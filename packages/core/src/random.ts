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
  // Four values come from one block: sequential readers compute each block once.
  let current = -1
  let words: Block = [0, 0, 0, 0]
  const uint32 = (position: number) => {
    const block = Math.floor(position / 4)
    if (block !== current) {
      words = philox4x32([block >>> 0, Math.floor(block / 2 ** 32), 0, 0], key)
      current = block
    }
    return words[position % 4] as number
  }
  return {
    uint32,
    uniform: (position) => uint32(position) / 2 ** 32,
    normal(position) {
      const pair = position - (position % 2)
      const radius = Math.sqrt(-2 * Math.log((uint32(pair) + 1) / 2 ** 32))
      const angle = (2 * Math.PI * uint32(pair + 1)) / 2 ** 32
      return radius * (position === pair ? Math.cos(angle) : Math.sin(angle))
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
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
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
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0]
}

/** Upper 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const [a1, a0, b1, b0] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff]
  const low = a0 * b0
  const middle = a1 * b0 + (low >>> 16)
  const cross = (middle & 0xffff) + a0 * b1
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) | 0
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
