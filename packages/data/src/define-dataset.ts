import { ConvkitError, type Dataset, type Pixels, type Preprocessing, preprocess } from '@convkit/core'
import { batches } from './batches.js'
import { unreadableImages } from './unreadable-images.js'

/** What a kind of dataset has to say; {@link defineDataset} makes the rest. */
export interface DatasetDefinition {
  readonly classes: readonly string[]
  /** The label of each image; as many as there are images. */
  readonly labels: ArrayLike<number>
  /** The path of an image, or another name for it. */
  path(index: number): string
  /** Decodes one image at its own size. @throws E_IMAGE when it cannot be read. */
  item(index: number): Pixels | Promise<Pixels>
  /**
   * One image as the network takes it: `[inputSize, channels]`. By default `item`, then core's `preprocess` on the
   * main thread; worth giving where decoding and resizing can be one step elsewhere.
   */
  input?(index: number, preprocessing: Preprocessing): Uint8Array | Promise<Uint8Array>
  /** Reads one image to its end and keeps nothing; by default `item`. @throws E_IMAGE when it cannot be read. */
  check?(index: number): Promise<{ readonly height: number; readonly width: number }>
  /** How many batches are decoded ahead of the one that the consumer works on; 2 by default. */
  readonly prefetch?: number
}

/** A dataset that gives single images too, so that others can be made of it: subsets, caches. */
export interface ImageDataset extends Dataset {
  readonly prefetch: number
  /** One image as the network takes it: `[inputSize, channels]`. @throws E_IMAGE when it cannot be read. */
  input(index: number, preprocessing: Preprocessing): Promise<Uint8Array>
  /** Reads one image to its end and gives its size. @throws E_IMAGE when it cannot be read. */
  check(index: number): Promise<{ readonly height: number; readonly width: number }>
}

/**
 * A dataset from its images: `defineDataset({ classes, labels, path, item })`. It makes `batches`, which decodes
 * ahead and gives the same batches for the same seed, whatever the timing.
 *
 * @throws E_DATASET when a label names no class; E_OPTION when `prefetch` is not a whole number of at least 1.
 */
export function defineDataset(definition: DatasetDefinition): ImageDataset {
  const { classes, labels, prefetch = 2 } = definition
  if (!Number.isInteger(prefetch) || prefetch < 1) {
    throw new ConvkitError('E_OPTION', `prefetch must be a whole number of batches, at least 1: ${prefetch}`)
  }
  checkLabels(labels, classes, (index) => definition.path(index))
  const unreadable = unreadableImages()
  const dataset: ImageDataset = {
    length: labels.length,
    classes,
    labels,
    prefetch,
    path: (index) => definition.path(index),
    async item(index) {
      return {
        pixels: await definition.item(index),
        label: labels[index] as number,
        path: definition.path(index),
      }
    },
    async input(index, preprocessing) {
      if (definition.input) return definition.input(index, preprocessing)
      return preprocess(await definition.item(index), preprocessing).data
    },
    async check(index) {
      return definition.check ? definition.check(index) : definition.item(index)
    },
    batches: (options) => batches(dataset, unreadable, options),
    get unreadable() {
      return unreadable.list()
    },
  }
  return dataset
}

function checkLabels(labels: ArrayLike<number>, classes: readonly string[], path: (index: number) => string) {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    if (Number.isInteger(label) && label >= 0 && label < classes.length) continue
    throw new ConvkitError(
      'E_DATASET',
      `${path(i)} has the label ${label}, and the ${classes.length} classes have the labels 0 to ${classes.length - 1}`,
    )
  }
}
