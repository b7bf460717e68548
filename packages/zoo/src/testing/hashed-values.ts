import { type FloatTensor, floatTensor, type Shape, type TensorMap, type Trace } from '@convkit/core'
import { sizeOf } from '@convkit/graph'

/** Values are uniform in [low, high), or one of so many levels from low to high. */
type Range = readonly [low: number, high: number, levels?: number]

/** What values of one-dimensional state come from, by its name or by the last part of it: `running_var`. */
export type Ranges = Readonly<Record<string, Range>>

/** Signals stay tame in deep networks too. */
export const tameRanges: Ranges = {
  weight: [0.4, 0.6],
  bias: [-0.1, 0.1],
  running_mean: [-0.1, 0.1],
  running_var: [0.5, 1.5],
  gamma: [0.1, 0.3],
}

/**
 * Weights that names determine, bit for bit as tools/fixtures/zoo/hashed.py makes them: a fixture holds results only.
 * Convolutions and dense layers keep the magnitude of what a ReLU lets through (He et al. 2015).
 */
export function hashedWeights({ state }: Pick<Trace, 'state'>, ranges: Ranges): TensorMap {
  return new Map([...state].map(([name, { tensor }]) => [name, hashedTensor(name, tensor.shape, ranges)]))
}

function hashedTensor(name: string, shape: Shape, ranges: Ranges): FloatTensor {
  const bound = Math.sqrt(6 / sizeOf(shape.slice(1)))
  const own = ranges[name] ?? ranges[name.slice(name.lastIndexOf('.') + 1)]
  const range: Range | undefined = shape.length > 1 ? [-bound, bound] : own
  if (!range) throw new Error(`The fixture has no range for ${name}`)
  return floatTensor(shape, hashedValues(name, sizeOf(shape), ...range))
}

/** `count` numbers, uniform in [low, high), or of so many levels. */
export function hashedValues(name: string, count: number, ...[low, high, levels]: Range): Float32Array {
  const data = new Float32Array(count)
  const steps = levels ?? 2 ** 24
  const step = (high - low) / (levels === undefined ? steps : steps - 1)
  let position = fnv1a(name)
  for (let i = 0; i < count; i++) {
    data[i] = low + Math.floor(((mix(position) >>> 8) * steps) / 2 ** 24) * step
    position = (position + golden) | 0
  }
  return data
}

/** `count` bytes, such as pixels. */
export function hashedBytes(name: string, count: number): Uint8Array {
  const key = fnv1a(name)
  return Uint8Array.from({ length: count }, (_, i) => mix(key + Math.imul(i, golden)) >>> 24)
}

/** Which of `count` values a fixture shows, at most `limit`: the first, the last and others by chance. */
export function hashedPositions(count: number, limit: number): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, i) => i)
  const key = fnv1a('positions')
  const others = Array.from({ length: limit - 2 }, (_, i) => mix(key + Math.imul(i, golden)) % count)
  return [0, count - 1, ...others]
}

/** 2³² divided by the golden ratio: neighbours come to lie far apart. */
const golden = 0x9e3779b9

/** Fowler, Noll and Vo's hash 1a of an ASCII text, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

/** MurmurHash3's finalizer, unsigned. */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}
