import { type BatchOptions, ConvkitError, random } from '@convkit/core'
import { requireShard } from './image-order.js'

/** How an epoch goes through shards that are read from their beginning to their end. */
export interface StreamOrder {
  /** The shards that are read, one after the other. */
  readonly shards: readonly number[]
  /** Of their images, counted through, every `step`-th from `offset` on is used: `length` images. */
  readonly step: number
  readonly offset: number
  readonly length: number
  /** These images, by their number from 0 to `length − 1`, in the order of the epoch. */
  order(): Generator<number, void, undefined>
}

type OrderOptions = Pick<BatchOptions, 'shuffle' | 'shard' | 'dropLast'>

/**
 * Shuffled, shards are read in random order, and an image is drawn from `buffer` of them, whose place the next one takes. Of
 * several processes each takes every `worldSize`-th shard where shuffled shards are enough for all, else every
 * `worldSize`-th image; with `dropLast` all take as many. It depends on the seed and the epoch alone.
 *
 * @param counts how many images each shard has.
 * @throws E_OPTION.
 */
export function streamOrder(
  counts: readonly number[],
  { shuffle, shard, dropLast = false }: OrderOptions,
  buffer: number,
): StreamOrder {
  if (!Number.isInteger(buffer) || buffer < 1)
    throw new ConvkitError(
      'E_OPTION',
      `shuffleBuffer must be a whole number of images, at least 1: ${buffer}`,
    )
  const { rank, worldSize } = requireShard(shard ?? { rank: 0, worldSize: 1 })
  const all = shuffle
    ? [...random(shuffle.seed, 'shards', shuffle.epoch).permutation(counts.length)]
    : counts.map((_, number) => number)
  const isDivided = shuffle !== undefined && counts.length >= worldSize
  const shardsOf = (process: number) => (isDivided ? all.filter((_, i) => i % worldSize === process) : all)
  const [step, offset] = isDivided ? [1, 0] : [worldSize, rank]
  const lengthOf = (process: number) => {
    const images = shardsOf(process).reduce((sum, number) => sum + (counts[number] as number), 0)
    return isDivided ? images : Math.ceil((images - process) / worldSize)
  }
  const lengths = Array.from({ length: worldSize }, (_, process) => Math.max(0, lengthOf(process)))
  const length = dropLast ? Math.min(...lengths) : (lengths[rank] as number)
  return {
    shards: shardsOf(rank),
    step,
    offset,
    length,
    *order() {
      if (!shuffle) {
        for (let number = 0; number < length; number++) yield number
        return
      }
      const { uniform } = random(shuffle.seed, 'buffer', shuffle.epoch, rank)
      const drawable = Array.from({ length: Math.min(buffer, length) }, (_, number) => number)
      for (let drawn = 0, next = drawable.length; drawn < length; drawn++) {
        const at = Math.floor(uniform(drawn) * drawable.length)
        yield drawable[at] as number
        const last = next < length ? next++ : drawable.pop()
        if (last !== undefined && at < drawable.length) drawable[at] = last
      }
    },
  }
}
