import { type BatchOptions, ConvkitError } from '@convkit/core'
import { type DecodingOptions, encodedImages } from '../formats/encoded-images.js'
import type { ImageSource } from '../images/image-source.js'
import { batchesOf, type ImageQueue } from './batches.js'
import type { ImageDataset } from './define-dataset.js'
import { streamOrder } from './stream-order.js'
import { unreadableImages } from './unreadable-images.js'

/** Images that are read one after the other. */
export interface Shard {
  readonly name: string
  /** The label of each image. */
  readonly labels: ArrayLike<number>
  /** The images from the first to the last, each with its place; those that are not wanted are passed over. */
  images(isWanted: (place: number) => boolean): AsyncGenerator<StreamedImage, void, undefined>
}

export interface StreamedImage {
  readonly place: number
  readonly source: ImageSource
}

export interface ShardStream extends DecodingOptions {
  readonly classes: readonly string[]
  readonly shards: readonly Shard[]
  /** From how many images the next one is drawn where the order is shuffled; 1,000 by default. */
  readonly shuffleBuffer?: number
}

/**
 * A dataset of shards that are read from their beginning to their end. A shuffled epoch takes them in random order and draws
 * from a buffer of image files; so memory holds that buffer, and a label for each image. Of several processes each reads
 * shards of its own where there are enough of them. An epoch that goes on at a batch (`skip`) reads no image of those
 * before it.
 *
 * Single images can be had too, but are searched for from the beginning of their shard. Decoded images are kept only where
 * `decodedCache` says so.
 *
 * @throws E_DATASET when a label names no class; E_OPTION.
 */
export function shardStream({
  shards,
  shuffleBuffer = 1000,
  decodedCache = 'off',
  ...options
}: ShardStream): ImageDataset {
  const counts = shards.map(({ labels }) => labels.length)
  const places = numbering(counts)
  const path = (index: number) => {
    const { at, place } = places.placeOf(index)
    return `${shards[at]?.name}[${place}]`
  }
  /** What was read and is not decoded yet. */
  const ahead = new Map<number, ImageSource>()
  const images = encodedImages({
    ...options,
    ...{ path, decodedCache, keepsHeaders: false },
    labels: Uint32Array.from(shards.flatMap(({ labels }) => Array.from(labels))),
    source: (index) => ({
      name: path(index),
      bytes: async () => (ahead.get(index) ?? (await searched(shards, places.placeOf(index)))).bytes(),
    }),
  })
  const unreadable = unreadableImages()

  const queue = (batching: BatchOptions): ImageQueue => {
    const { preprocessing, augment } = batching
    const epoch = epochOf(counts, batching, shuffleBuffer, (index) => unreadable.has(index))
    const reader = readImages(shards, epoch, (index, source) => ahead.set(index, source))
    return {
      async next() {
        const index = epoch.next()
        if (index === undefined) return undefined
        while (!ahead.has(index)) {
          const { done } = await reader.next()
          if (done && !ahead.has(index)) throw changed(path(index))
        }
        const load = (into: Uint8Array) =>
          images
            .input(index, preprocessing, { ...(augment && { augment }), draw: index, into })
            .finally(() => ahead.delete(index))
        return { index, load }
      },
      async close() {
        await reader.return()
        ahead.clear()
      },
    }
  }
  return {
    ...images,
    batches: (batching) => batchesOf(images, unreadable, batching, () => queue(batching)),
    get unreadable() {
      return unreadable.list()
    },
  }
}

const changed = (name: string) =>
  new ConvkitError('E_DATASET', `${name} is not there any more: open the data again after changing it`)

/** Reads one image of a shard, from the shard's beginning on. */
async function searched(
  shards: readonly Shard[],
  { at, place: wanted }: { readonly at: number; readonly place: number },
): Promise<ImageSource> {
  const shard = shards[at] as Shard
  for await (const { source } of shard.images((place) => place === wanted)) return source
  throw changed(`${shard.name}[${wanted}]`)
}

type Epoch = ReturnType<typeof epochOf>

/** Reads the images that an epoch uses, shard by shard. */
async function* readImages(
  shards: readonly Shard[],
  { parts, isUsed }: Epoch,
  onImage: (index: number, source: ImageSource) => void,
): AsyncGenerator<void, void, undefined> {
  for (const { at, start, begin } of parts) {
    const shard = shards[at] as Shard
    const isWanted = (place: number) => isUsed(start + place)
    if (!Array.from(shard.labels, (_, place) => place).some(isWanted)) continue
    for await (const { place, source } of shard.images(isWanted)) {
      onImage(begin + place, source)
      yield
    }
  }
}

/** The images of an epoch in order, without those of batches that are skipped. */
function epochOf(
  counts: readonly number[],
  batching: BatchOptions,
  shuffleBuffer: number,
  isUnreadable: (index: number) => boolean,
) {
  const { batchSize, skip = 0, onUnreadable } = batching
  const { shards, step, offset, length, order } = streamOrder(counts, batching, shuffleBuffer)
  const whole = numbering(counts)
  const read = numbering(shards.map((at) => counts[at] as number))
  const indexOf = (number: number) => {
    const { at, place } = read.placeOf(number * step + offset)
    return whole.startOf(shards[at] as number) + place
  }
  const isPassed = new Uint8Array(length)
  const numbers = order()
  const nextNumber = (): number | undefined => {
    for (;;) {
      const { value, done } = numbers.next()
      if (done) return undefined
      if (onUnreadable !== 'skip' || !isUnreadable(indexOf(value))) return value
      isPassed[value] = 1
    }
  }
  for (let i = 0; i < skip * batchSize; i++) {
    const number = nextNumber()
    if (number === undefined) break
    isPassed[number] = 1
  }
  return {
    /** Shards in the order in which they are read, with what comes before them in that order, and in the dataset's. */
    parts: shards.map((at, i) => ({ at, start: read.startOf(i), begin: whole.startOf(at) })),
    /** Whether the image at a position of that order is one of the epoch's. */
    isUsed(position: number): boolean {
      const number = (position - offset) / step
      return Number.isInteger(number) && number >= 0 && number < length && isPassed[number] === 0
    },
    /** The index of the next image. */
    next(): number | undefined {
      const number = nextNumber()
      return number === undefined ? undefined : indexOf(number)
    },
  }
}

/** Which of several parts one after the other a number is in. */
function numbering(counts: readonly number[]) {
  let total = 0
  const starts = counts.map((count) => {
    total += count
    return total - count
  })
  return {
    startOf: (at: number): number => starts[at] as number,
    placeOf(number: number): { readonly at: number; readonly place: number } {
      let [low, high] = [0, starts.length - 1]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] as number) <= number) low = middle
        else high = middle - 1
      }
      return { at: low, place: number - (starts[low] as number) }
    },
  }
}
