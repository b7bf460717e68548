import { type Batch, type BatchOptions, ConvkitError, mixBatch, type Preprocessing } from '@convkit/core'
import { isUnreadable } from '../images/unreadable.js'
import type { ImageDataset } from './define-dataset.js'
import { imageOrder } from './image-order.js'
import type { UnreadableImages } from './unreadable-images.js'

/** The images of an epoch one after the other, each with the way to load it; undefined after the last. */
export interface ImageQueue {
  next(): QueuedImage | undefined | Promise<QueuedImage | undefined>
  /** Lets go of what it has open. */
  close?(): void | Promise<void>
}

export interface QueuedImage {
  readonly index: number
  /** As the network takes it; `into` is memory that threads share, which the result may be written to. */
  load(into: Uint8Array): Promise<Uint8Array>
}

/** An image that is being decoded, or why it could not be: a promise of it never rejects. */
type Loaded =
  | { readonly index: number; readonly input: Uint8Array; readonly memory: Uint8Array }
  | { readonly index?: number; readonly error: unknown }

/** What {@link batchesOf} needs to know of a dataset. */
export type BatchSource = Pick<ImageDataset, 'classes' | 'labels' | 'targets' | 'path' | 'prefetch'>

/** Batches of a dataset whose images can be had in any order: {@link batchesOf} the order of the options. */
export function batches(
  dataset: ImageDataset,
  unreadable: UnreadableImages,
  options: BatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  return batchesOf(dataset, unreadable, options, () => indexedQueue(dataset, unreadable, options))
}

/** The images in the order of the options; known ones that cannot be read are left out where that is asked for. */
function indexedQueue(
  dataset: ImageDataset,
  unreadable: UnreadableImages,
  options: BatchOptions,
): ImageQueue {
  const { preprocessing, augment, batchSize, skip = 0, onUnreadable } = options
  const { indices, repeats } = imageOrder(dataset.length, options, dataset)
  const isLeftOut = (index: number) => onUnreadable === 'skip' && unreadable.has(index)
  let position = 0
  const nextPosition = () => {
    while (position < indices.length && isLeftOut(indices[position] as number)) position++
    return position++
  }
  for (let i = 0; i < skip * batchSize && position < indices.length; i++) nextPosition()
  return {
    next() {
      const at = nextPosition()
      const index = indices[at]
      if (index === undefined) return undefined
      const draw = index + (repeats?.[at] ?? 0) * dataset.length
      return { index, load: (into) => dataset.input(index, preprocessing, { augment, draw, into }) }
    },
  }
}

/**
 * Batches of a queue of images. Images are decoded ahead, `prefetch` batches of them, and taken up in order: so
 * timing never changes a batch.
 *
 * An image that cannot be read gives its place to the next one of the order, and all later ones move up. `skip`
 * counts images without reading them: call `checkImages` first where some may be unreadable.
 *
 * The images of all batches share one buffer, and those that are decoded ahead some others. Ending early, by `break` or
 * by `signal`, waits for what is being decoded, so nothing runs on afterwards.
 *
 * @throws E_OPTION; E_IMAGE for the first unreadable image unless `onUnreadable` is `skip`; the signal's reason.
 */
export async function* batchesOf(
  source: BatchSource,
  unreadable: UnreadableImages,
  options: BatchOptions,
  open: () => ImageQueue,
): AsyncGenerator<Batch, void, undefined> {
  const {
    batchSize,
    preprocessing,
    dropLast = false,
    skip = 0,
    onUnreadable = 'fail',
    signal,
    augment,
  } = options
  requireCount('batchSize', batchSize, 1)
  requireCount('skip', skip, 0)
  if (source.targets && augment?.augmentation.mix) {
    throw new ConvkitError(
      'E_OPTION',
      `${augment.augmentation.mix.name} mixes images of one label each, and these have several`,
    )
  }
  const batch = emptyBatch(batchSize, preprocessing, source)
  const stride = batch.images.length / batchSize
  const queue = open()
  const ahead: Promise<Loaded | undefined>[] = []
  const limit = source.prefetch * batchSize
  // What was used last is lent first, while it is in a processor's cache
  const spare: Uint8Array[] = []
  let hasEnded = false

  const load = async (image: QueuedImage | undefined): Promise<Loaded | undefined> => {
    if (!image) {
      hasEnded = true
      return undefined
    }
    const { index } = image
    const memory = spare.pop() ?? new Uint8Array(new SharedArrayBuffer(stride))
    try {
      return { index, input: await image.load(memory), memory }
    } catch (error) {
      return { index, error }
    }
  }
  const loadAhead = () => {
    while (ahead.length < limit && !hasEnded) {
      const next = queue.next()
      ahead.push(next instanceof Promise ? next.then(load).catch((error) => ({ error })) : load(next))
    }
  }

  try {
    for (let number = skip; ; number++) {
      let count = 0
      while (count < batchSize) {
        signal?.throwIfAborted()
        loadAhead()
        const loaded = await ahead.shift()
        if (!loaded) break
        if ('error' in loaded) {
          const { index, error } = loaded
          if (onUnreadable !== 'skip' || index === undefined || !isUnreadable(error)) throw error
          unreadable.add(index, source.path(index), error)
          continue
        }
        fillRow(batch, count++, loaded, source)
        spare.push(loaded.memory)
      }
      signal?.throwIfAborted()
      if (count === 0 || (count < batchSize && dropLast)) return
      clearRows(batch, count)
      loadAhead()
      const filled: Batch = { ...batch, count }
      yield augment && count === batchSize ? mixBatch(filled, augment, number) : filled
    }
  } finally {
    await Promise.all(ahead)
    await queue.close?.()
  }
}

function emptyBatch(
  size: number,
  { inputSize: [height, width], channels }: Preprocessing,
  { classes, targets }: BatchSource,
) {
  return {
    images: new Uint8Array(size * height * width * channels),
    size,
    height,
    width,
    channels,
    labels: new Int32Array(size),
    indices: new Int32Array(size),
    ...(targets && { targets: new Float32Array(size * classes.length) }),
  }
}

type Rows = ReturnType<typeof emptyBatch>

function fillRow(
  { images, labels, indices, targets, size }: Rows,
  row: number,
  { index, input }: { readonly index: number; readonly input: Uint8Array },
  source: BatchSource,
): void {
  const stride = images.length / size
  if (input.length !== stride) {
    throw new ConvkitError(
      'E_DATASET',
      `${source.path(index)} gave ${input.length} bytes where the network takes ${stride}`,
    )
  }
  images.set(input, row * stride)
  labels[row] = source.labels[index] as number
  indices[row] = index
  const classes = source.classes.length
  const shown = source.targets?.subarray(index * classes, (index + 1) * classes)
  if (shown) targets?.set(shown, row * classes)
}

function clearRows({ images, labels, indices, targets, size }: Rows, from: number): void {
  images.fill(0, (from * images.length) / size)
  labels.fill(-1, from)
  indices.fill(-1, from)
  targets?.fill(0, (from * targets.length) / size)
}

function requireCount(name: string, value: number, least: number) {
  if (Number.isInteger(value) && value >= least) return
  throw new ConvkitError('E_OPTION', `${name} must be a whole number of at least ${least}: ${value}`)
}
