import { freemem } from 'node:os'
import {
  type Batch,
  type BatchOptions,
  ConvkitError,
  type Dataset,
  type Engine,
  floatTensor,
  type Model,
  random,
  type Trace,
} from '@convkit/core'
import { defineDataset } from '@convkit/data'
import { type Program, type SymbolicTensor, sizeOf } from '@convkit/graph'
import { type CachedInputs, cutTrace, frozenFrontier, joinFrontier } from '@convkit/train'
import type { Freezing } from './freeze.js'
import { mirrored } from './mirror.js'

export interface FeatureCacheOptions {
  /** Images of one native call; 32 by default. */
  readonly batchSize?: number
  /** What the features of all images may take; a quarter of the free memory by default. */
  readonly memoryBytes?: number
  /** Keeps features of the training images' mirror images too; each epoch draws, by its seed, which of the two it sees. */
  readonly mirror?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/**
 * Runs the frozen part of a network once for each image, for a training phase whose images are the same in every epoch:
 * `fit(model, train, { phases: [{ from: 0, isFrozen, cached }] })`. Undefined where nothing is frozen before what is trained,
 * or the features would not fit into memory. Images that cannot be read stay unreadable.
 */
export async function cacheFeatures(
  model: Model,
  data: { readonly train: Dataset; readonly validation?: Dataset | undefined },
  isFrozen: Freezing,
  options: FeatureCacheOptions = {},
): Promise<CachedInputs | undefined> {
  const { batchSize = 32, memoryBytes = availableMemory() / 4, mirror = false } = options
  const trace = model.trace({ batchSize, mode: 'infer', isFrozen })
  const frontier = frozenFrontier(trace)
  if (frontier.length === 0) return undefined
  const features = joinFrontier(frontier)
  const total = data.train.length * (mirror ? 2 : 1) + (data.validation?.length ?? 0)
  if ((total * 4 * sizeOf(features.shape)) / batchSize > memoryBytes) return undefined

  const started = { done: 0, total }
  const onBatch = (count: number) => {
    started.done += count
    options.onProgress?.({ ...started })
  }
  return runFeatures(
    model,
    trace,
    { features },
    async (run) => {
      const rows = (dataset: Dataset, view?: View) => rowsOf(dataset, run, features.shape, onBatch, view)
      const { train, validation } = data
      const views = [await rows(train), ...(mirror ? [await rows(train, { mirror })] : [])] as const
      return {
        train: withFeatures(train, views),
        validation: validation && withFeatures(validation, [await rows(validation)]),
        cut: cutTrace,
      }
    },
    options.signal,
  )
}

const availableMemory = () => process.availableMemory?.() ?? freemem()

/** Runs batches of images through a program: outputs `[n, ...]` by name with the batch. */
export type RunBatches = (
  dataset: Dataset,
  onBatch: (outputs: Readonly<Record<string, Float32Array>>, batch: Batch) => void,
  view?: View,
) => Promise<void>

/** How images are seen. */
export interface View {
  readonly mirror?: boolean
}

/** Loads what computes tensors of a trace, uses it, and lets go of it. */
export async function runFeatures<T>(
  model: Pick<Model, 'engine' | 'weights' | 'preprocessing'>,
  { image, state, batchSize }: Trace,
  outputs: Readonly<Record<string, SymbolicTensor>>,
  use: (run: RunBatches) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { weights, preprocessing } = model
  const engine: Engine = model.engine
  const program: Program = {
    state: Object.fromEntries(
      [...state].map(([name, { tensor }]) => [
        name,
        {
          shape: tensor.shape,
          initial: () =>
            weights.get(name) ?? floatTensor(tensor.shape, new Float32Array(sizeOf(tensor.shape))),
        },
      ]),
    ),
    signatures: { features: { inputs: { image }, outputs, updates: {} } },
  }
  const session = await engine.load(program)
  try {
    return await use(async (dataset, onBatch, { mirror = false } = {}) => {
      const batches = dataset.batches({ batchSize, preprocessing, onUnreadable: 'skip' })
      for await (const batch of batches) {
        signal?.throwIfAborted()
        const { size, height, width, channels } = batch
        const images = mirror ? mirrored(batch) : batch.images
        const results = await session.run('features', {
          image: { dtype: 'uint8', shape: [size, height, width, channels], data: images },
        })
        const values = Object.entries(results).map(
          ([name, { data }]) => [name, data as Float32Array] as const,
        )
        onBatch(Object.fromEntries(values), batch)
      }
    })
  } finally {
    await session.dispose()
  }
}

/** Rows of features by the images' positions; undefined of images that cannot be read. */
interface FeatureRows {
  readonly width: number
  readonly shape: readonly number[]
  readonly data: Float32Array
  readonly isRead: Uint8Array
}

async function rowsOf(
  dataset: Dataset,
  run: RunBatches,
  [, ...shape]: readonly number[],
  onBatch: (count: number) => void,
  view?: View,
): Promise<FeatureRows> {
  const width = sizeOf(shape)
  const data = new Float32Array(dataset.length * width)
  const isRead = new Uint8Array(dataset.length)
  const keep: Parameters<RunBatches>[1] = ({ features }, { indices, count }) => {
    indices.subarray(0, count).forEach((index, row) => {
      data.set(features?.subarray(row * width, (row + 1) * width) ?? [], index * width)
      isRead[index] = 1
    })
    onBatch(count)
  }
  await run(dataset, keep, view)
  return { width, shape, data, isRead }
}

/** The dataset with features in place of images, in the same order for the same seed; of one of the views in each epoch. */
function withFeatures(dataset: Dataset, views: readonly [FeatureRows, ...FeatureRows[]]): Dataset {
  const [{ width, shape, isRead }] = views
  const { classes, labels, targets } = dataset
  const weights = 'weights' in dataset ? (dataset.weights as ArrayLike<number> | undefined) : undefined
  const placeholders = defineDataset({
    classes,
    labels,
    ...(targets && { targets }),
    ...(weights && { weights }),
    path: dataset.path,
    item: async (index) => (await dataset.item(index)).pixels,
    async input(index, { channels }) {
      // Reading it again says why it could not be read.
      if (!isRead[index]) {
        await dataset.item(index)
        throw new ConvkitError(
          'E_IMAGE',
          `${dataset.path(index)} could not be read when features were computed`,
        )
      }
      return new Uint8Array(channels)
    },
  })
  return {
    ...placeholders,
    get unreadable() {
      return placeholders.unreadable
    },
    async *batches(options) {
      const { augment: _, ...others } = options
      const preprocessing = { ...options.preprocessing, inputSize: [1, 1] as const }
      for await (const batch of placeholders.batches({ ...others, preprocessing })) {
        const rows = new Float32Array(batch.size * width)
        const viewOf = drawView(views, options.shuffle)
        batch.indices.forEach((index, row) => {
          if (index >= 0)
            rows.set(viewOf(index).data.subarray(index * width, (index + 1) * width), row * width)
        })
        yield { ...batch, features: floatTensor([batch.size, ...shape], rows) }
      }
    },
  }
}

/** Which view of an image an epoch sees. */
function drawView(
  views: readonly [FeatureRows, ...FeatureRows[]],
  shuffle: BatchOptions['shuffle'],
): (index: number) => FeatureRows {
  const [first] = views
  if (!shuffle || views.length === 1) return () => first
  const stream = random(shuffle.seed, 'view', shuffle.epoch)
  return (index) => views[Math.floor(views.length * stream.uniform(index))] ?? first
}
