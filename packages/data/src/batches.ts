import { type Batch, type BatchOptions, ConvkitError, random } from '@convkit/core'
import type { ImageDataset } from './define-dataset.js'
import { isUnreadable } from './unreadable.js'
import type { UnreadableImages } from './unreadable-images.js'

/** An image that is being decoded, or why it could not be: a promise of it never rejects. */
type Loaded =
  | { readonly index: number; readonly input: Uint8Array }
  | { readonly index: number; readonly error: unknown }

/**
 * Batches of a dataset, in an order that only depends on `shuffle`. Images are decoded ahead, `prefetch` batches of
 * them, and taken up in order: so timing never changes a batch.
 *
 * An image that cannot be read gives its place to the next one of the order, and all later ones move up. `skip`
 * counts images without reading them: call `checkImages` first where some may be unreadable.
 *
 * The images of all batches share one buffer. Ending early, by `break` or by `signal`, waits for what is being
 * decoded, so nothing runs on afterwards.
 *
 * @throws E_OPTION; E_IMAGE for the first unreadable image unless `onUnreadable` is `skip`; the signal's reason.
 */
export async function* batches(
  dataset: ImageDataset,
  unreadable: UnreadableImages,
  options: BatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, preprocessing, dropLast = false, skip = 0, onUnreadable = 'fail', signal } = options
  requireCount('batchSize', batchSize, 1)
  requireCount('skip', skip, 0)
  const skipsUnreadable = onUnreadable === 'skip'
  const order = imageOrder(dataset.length, options.shuffle).filter(
    (index) => !skipsUnreadable || !unreadable.has(index),
  )
  const batch = emptyBatch(batchSize, preprocessing)
  const stride = batch.images.length / batchSize
  const ahead: Promise<Loaded>[] = []
  let position = skip * batchSize

  const load = async (index: number): Promise<Loaded> => {
    try {
      return { index, input: await dataset.input(index, preprocessing) }
    } catch (error) {
      return { index, error }
    }
  }
  const decodeAhead = () => {
    while (ahead.length < dataset.prefetch * batchSize && position < order.length) {
      ahead.push(load(order[position++] as number))
    }
  }

  try {
    while (true) {
      let count = 0
      while (count < batchSize) {
        signal?.throwIfAborted()
        // The queue is full again before the batch goes out: a consumer's native call may block the event loop for a
        // whole training step, and what libuv's threads are to decode meanwhile has to be in their queue by then.
        decodeAhead()
        const loaded = await ahead.shift()
        if (!loaded) break
        if ('error' in loaded) {
          if (!skipsUnreadable || !isUnreadable(loaded.error)) throw loaded.error
          unreadable.add(loaded.index, dataset.path(loaded.index), loaded.error)
          continue
        }
        requireLength(loaded.input, stride, dataset.path(loaded.index))
        batch.images.set(loaded.input, count * stride)
        batch.labels[count] = dataset.labels[loaded.index] as number
        batch.indices[count] = loaded.index
        count++
      }
      signal?.throwIfAborted()
      if (count === 0 || (count < batchSize && dropLast)) return
      batch.images.fill(0, count * stride)
      batch.labels.fill(-1, count)
      batch.indices.fill(-1, count)
      decodeAhead()
      yield { ...batch, count }
    }
  } finally {
    await Promise.all(ahead)
  }
}

/** `0 … length − 1` as it is, or shuffled anew for each epoch. */
function imageOrder(length: number, shuffle: BatchOptions['shuffle']): Uint32Array {
  if (!shuffle) return Uint32Array.from({ length }, (_, index) => index)
  return random(shuffle.seed, 'shuffle', shuffle.epoch).permutation(length)
}

function emptyBatch(size: number, { inputSize: [height, width], channels }: BatchOptions['preprocessing']) {
  return {
    images: new Uint8Array(size * height * width * channels),
    size,
    height,
    width,
    channels,
    labels: new Int32Array(size),
    indices: new Int32Array(size),
  }
}

function requireLength(input: Uint8Array, length: number, path: string) {
  if (input.length === length) return
  throw new ConvkitError('E_DATASET', `${path} gave ${input.length} bytes where the network takes ${length}`)
}

function requireCount(name: string, value: number, least: number) {
  if (Number.isInteger(value) && value >= least) return
  throw new ConvkitError('E_OPTION', `${name} must be a whole number of at least ${least}: ${value}`)
}
