import type { RandomStream } from '@convkit/core'

/** Draws one number after the other from a stream. */
export interface Draws {
  /** In [low, high). */
  uniform(low?: number, high?: number): number
  /** A whole number, each of 0 … count − 1 as often. */
  whole(count: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** Standard normal deviate. */
  normal(): number
  /** The numbers 0 … length − 1 in random order. */
  order(length: number): Uint32Array
  /** A stream of its own. */
  stream(...names: readonly (string | number)[]): RandomStream
}

export function drawsOf(stream: RandomStream): Draws {
  let position = 0
  let orders = 0
  let normalStream: RandomStream | undefined
  let normals = 0
  const uniform = (low = 0, high = 1) => low + (high - low) * stream.uniform(position++)
  const whole = (count: number) => Math.floor(uniform(0, count))
  return {
    uniform,
    whole,
    chance: (probability) => probability >= 1 || (probability > 0 && uniform() < probability),
    pick: (list) => list[whole(list.length)] as (typeof list)[number],
    normal() {
      // A stream of its own: both kinds of numbers are made of the same words.
      normalStream ??= stream.stream('normal')
      return normalStream.normal(normals++)
    },
    order: (length) => stream.stream('order', orders++).permutation(length),
    stream: (...names) => stream.stream(...names),
  }
}
