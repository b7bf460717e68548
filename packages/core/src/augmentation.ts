import type { Batch } from './dataset.js'
import type { Pixels } from './preprocessing.js'
import type { RandomStream } from './random.js'

/** What happens to a training image between its file and the batch. A recipe is such a value. */
export interface Augmentation {
  /** Of the recipe, for logs and a run's record. */
  readonly name: string
  /** What part of the image the network sees; as in evaluation by default. */
  readonly crop?: RandomCrop
  /** Applied in order to an image of the network's input size. */
  readonly transforms: readonly ImageTransform[]
  /** Applied to the batch in the end. */
  readonly mix?: BatchMix
}

/** What a dataset is told of an augmentation; `augment.ts` has the functions that carry it out. */
export interface AugmentOptions {
  readonly augmentation: Augmentation
  readonly seed: number
  readonly epoch: number
}

export interface ImageExtent {
  readonly height: number
  readonly width: number
}

/** A part of the upright image, in its own whole pixels and inside of it, that is scaled to the network's input size. */
export interface Crop {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** The model's own by default. */
  readonly interpolation?: 'bilinear' | 'bicubic'
}

/** Draws a crop: the same for the same stream. */
export type RandomCrop = (image: ImageExtent, output: ImageExtent, random: RandomStream) => Crop

/** Makes an image of another, of the same channels; the same for the same stream. */
export interface ImageTransform {
  readonly name: string
  /**
   * The image itself may be the result. What is computed is new memory, or `into`, which has the image's size and may be
   * its own memory. That may be a `SharedArrayBuffer`'s, which some web interfaces do not take: `slice` gives them a copy.
   */
  apply(image: Pixels, random: RandomStream, into?: Uint8Array): Pixels | Promise<Pixels>
}

/** Mixes images of a batch in place and says with which label each row is mixed. */
export interface BatchMix {
  readonly name: string
  apply(batch: Batch, random: RandomStream): MixedLabels
}

/** Row `i` has the target `shares[i]` of its own label, and the rest of `labels[i]`. */
export interface MixedLabels {
  /** `[size]` */
  readonly labels: Int32Array
  /** `[size]`, each in [0, 1]. */
  readonly shares: Float32Array
}
