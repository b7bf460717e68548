import type { AugmentOptions, MixedLabels } from './augmentation.js'
import type { Pixels, Preprocessing } from './preprocessing.js'
import type { FloatTensor } from './tensors.js'

/** One labelled image. */
export interface Sample {
  readonly pixels: Pixels
  /** Index into the dataset's classes. */
  readonly label: number
  /** Where it came from, for messages and reports. */
  readonly path?: string
}

/** Images of one size, ready for an engine. */
export interface Batch {
  /** uint8 `[size, h, w, c]`, row-major. Valid until the next batch is asked for: loaders reuse it. */
  readonly images: Uint8Array
  readonly size: number
  readonly height: number
  readonly width: number
  readonly channels: number
  /** `[size]`; −1 in rows that only fill up the last batch. */
  readonly labels: Int32Array
  /** Position of each row in the dataset; −1 in rows that only fill up. */
  readonly indices: Int32Array
  /** Rows that hold images; the rest fill up the last batch. */
  readonly count: number
  /** Where images have several labels: `[size, classes]`, 1 for each class that an image shows; zeros in rows that only fill up. */
  readonly targets?: Float32Array
  /** What a frozen part of the network made of each image, `[size, ...]`, where that was kept; `images` says nothing then. */
  readonly features?: FloatTensor
  /** The other label of each row, where images were mixed. */
  readonly mixed?: MixedLabels
}

export interface BatchOptions {
  readonly batchSize: number
  readonly preprocessing: Preprocessing
  /** Order of the images: as they are, or shuffled by seed and epoch. */
  readonly shuffle?: { readonly seed: number; readonly epoch: number }
  /** Changes images at random, each by a stream of its own: of the seed, the epoch and its index. */
  readonly augment?: AugmentOptions
  /** Every `worldSize`-th image of the order, from `rank` on: the part of one of several processes. All by default. */
  readonly shard?: { readonly rank: number; readonly worldSize: number }
  /** Leave out a last batch that is not full (training), or fill it up with empty rows (evaluation, the default). */
  readonly dropLast?: boolean
  /** Batches to leave out at the start, without decoding them: where a resumed epoch goes on. */
  readonly skip?: number
  /** `skip` leaves an image that cannot be read out and reports it; `fail` throws E_IMAGE. */
  readonly onUnreadable?: 'skip' | 'fail'
  readonly signal?: AbortSignal
}

/** An image that could not be read. */
export interface UnreadableImage {
  readonly path: string
  /** Such as `is truncated`, `is empty`, `is not an image`. */
  readonly reason: string
}

/** Labelled images with a fixed order. */
export interface Dataset {
  readonly length: number
  readonly classes: readonly string[]
  /** The label of each image, by index; the first one where images have several, 0 where one has none. */
  readonly labels: ArrayLike<number>
  /** Where images have any number of labels: `[length, classes]`, 1 for each class that an image shows, else 0. */
  readonly targets?: Uint8Array
  /** The path of an image, or another name for it. */
  path(index: number): string
  /** Decodes one image. @throws E_IMAGE when it cannot be read. */
  item(index: number): Promise<Sample>
  /** Batches in order, decoded ahead while the consumer works. */
  batches(options: BatchOptions): AsyncIterable<Batch>
  /** What has been left out so far because it could not be read. */
  readonly unreadable: readonly UnreadableImage[]
}
