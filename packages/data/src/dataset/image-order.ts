import { type BatchOptions, ConvkitError, random } from '@convkit/core'

/** The images of an epoch, in order. */
export interface ImageOrder {
  readonly indices: Uint32Array
  /** How often each has come before in this epoch; undefined where none comes twice. */
  readonly repeats?: Uint32Array
}

/** Images that are read together, such as those of a Parquet file's row group. */
export interface Blocks {
  /** The number of an image's block: a whole number of at least 0. */
  of(index: number): number
  /** How many blocks memory holds at once. */
  readonly atOnce: number
}

type OrderOptions = Pick<BatchOptions, 'shuffle' | 'shard' | 'dropLast'>

/**
 * `0 … length − 1` as it is, or shuffled anew for each epoch. Weights decide how often each is drawn when shuffled. Of
 * several processes each takes its part of the one order, with `dropLast` all parts of one length.
 *
 * With blocks, whole blocks are shuffled, and the images of as many as memory holds among each other, so that each is read
 * once. Weights go before that: what they draw is anywhere.
 *
 * @throws E_OPTION.
 */
export function imageOrder(
  length: number,
  { shuffle, shard, dropLast = false }: OrderOptions,
  { weights, blocks }: { readonly weights?: ArrayLike<number>; readonly blocks?: Blocks } = {},
): ImageOrder {
  const part = (order: Uint32Array) => (shard ? partOf(order, shard, dropLast) : order)
  if (!shuffle) return { indices: part(Uint32Array.from({ length }, (_, index) => index)) }
  if (blocks && !weights) return { indices: part(shuffledBlocks(length, shuffle, blocks)) }
  const positions = random(shuffle.seed, 'shuffle', shuffle.epoch).permutation(length)
  if (!weights) return { indices: part(positions) }
  const { uniform } = random(shuffle.seed, 'draw', shuffle.epoch)
  const drawn = systematicSample(weights, uniform(0))
  const atPositions = (values: Uint32Array) => part(positions.map((position) => values[position] as number))
  return { indices: atPositions(drawn.indices), repeats: atPositions(drawn.repeats) }
}

/**
 * As many draws as there are weights, each index floor or ceil of its share times: systematic sampling, which varies
 * less from epoch to epoch than drawing each on its own. `offset` is in [0, 1).
 */
function systematicSample(weights: ArrayLike<number>, offset: number): Required<ImageOrder> {
  const count = weights.length
  let total = 0
  for (let i = 0; i < count; i++) total += requireWeight(weights[i] as number)
  if (count > 0 && total === 0) throw new ConvkitError('E_OPTION', 'Weights must not all be 0')
  const indices = new Uint32Array(count)
  const repeats = new Uint32Array(count)
  let reached = 0
  let drawn = 0
  for (let i = 0; i < count; i++) {
    reached += weights[i] as number
    const until = (reached / total) * count
    for (let repeat = 0; drawn < count && drawn + offset < until; drawn++, repeat++) {
      indices[drawn] = i
      repeats[drawn] = repeat
    }
  }
  return { indices, repeats }
}

function requireWeight(weight: number): number {
  if (weight >= 0 && Number.isFinite(weight)) return weight
  throw new ConvkitError('E_OPTION', `A weight must be a number of at least 0: ${weight}`)
}

/** @throws E_OPTION unless the rank is one of the processes'. */
export function requireShard(shard: NonNullable<OrderOptions['shard']>): NonNullable<OrderOptions['shard']> {
  const { rank, worldSize } = shard
  const areWhole = [rank, worldSize].every(Number.isInteger)
  if (!(areWhole && rank >= 0 && rank < worldSize)) {
    throw new ConvkitError('E_OPTION', `shard needs a rank from 0 to worldSize − 1: ${JSON.stringify(shard)}`)
  }
  return shard
}

function partOf(order: Uint32Array, shard: NonNullable<OrderOptions['shard']>, isEven: boolean): Uint32Array {
  const { rank, worldSize } = requireShard(shard)
  const share = (order.length - rank) / worldSize
  const length = isEven ? Math.floor(order.length / worldSize) : Math.max(0, Math.ceil(share))
  return Uint32Array.from({ length }, (_, i) => order[rank + i * worldSize] as number)
}

function shuffledBlocks(
  length: number,
  { seed, epoch }: NonNullable<OrderOptions['shuffle']>,
  { of, atOnce }: Blocks,
): Uint32Array {
  const members = new Map<number, number[]>()
  for (let index = 0; index < length; index++) {
    const block = of(index)
    const list = members.get(block)
    if (list) list.push(index)
    else members.set(block, [index])
  }
  const lists = [...members.values()]
  const order = random(seed, 'blocks', epoch).permutation(lists.length)
  const indices = new Uint32Array(length)
  let filled = 0
  for (let from = 0; from < order.length; from += atOnce) {
    const pool = [...order.subarray(from, from + atOnce)].flatMap((block) => lists[block] as number[])
    const places = random(seed, 'shuffle', epoch, from).permutation(pool.length)
    for (const place of places) indices[filled++] = pool[place] as number
  }
  return indices
}
