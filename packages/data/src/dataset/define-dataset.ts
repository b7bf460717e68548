import {
  type AugmentOptions,
  ConvkitError,
  type Crop,
  cropFor,
  cropPixels,
  type Dataset,
  type ImageExtent,
  type Pixels,
  type Preprocessing,
  preprocess,
  transformImage,
} from '@convkit/core'
import { batches } from './batches.js'
import type { Blocks } from './image-order.js'
import { unreadableImages } from './unreadable-images.js'

/** What a kind of dataset has to say; {@link defineDataset} makes the rest. */
export interface DatasetDefinition {
  readonly classes: readonly string[]
  /** The label of each image; as many as there are images. */
  readonly labels: ArrayLike<number>
  /** Where images have any number of labels: `[images, classes]`, 1 for each class that an image shows, else 0. */
  readonly targets?: Uint8Array
  /**
   * How often each image is drawn where the order is shuffled, compared to others: an epoch is as long as ever, and has
   * some images several times, others not. Each once by default.
   */
  readonly weights?: ArrayLike<number>
  /** The path of an image, or another name for it. */
  path(index: number): string
  /** Decodes one image at its own size. @throws E_IMAGE when it cannot be read. */
  item(index: number): Pixels | Promise<Pixels>
  /**
   * One image as the network takes it: `[inputSize, channels]`. By default `item`, then core's `preprocess` on the
   * main thread; worth giving where decoding and resizing can be one step elsewhere.
   */
  input?(index: number, preprocessing: Preprocessing): Uint8Array | Promise<Uint8Array>
  /**
   * Pixels with the part of them that is chosen from the image's upright size; by default those of `item`. The same for
   * the same choice.
   */
  crop?(
    index: number,
    choose: ChooseCrop,
    preprocessing: Preprocessing,
  ): CroppedPixels | Promise<CroppedPixels>
  /**
   * The part that is chosen from the image's upright size, scaled to `[inputSize, channels]`, written to `into`. By default
   * that of `crop`, scaled on the main thread; worth giving where both can be done elsewhere. The same for the same choice.
   */
  scaledCrop?(
    index: number,
    choose: ChooseCrop,
    preprocessing: Preprocessing,
    into: Uint8Array,
  ): Promise<void>
  /** Reads one image to its end and keeps nothing; by default `item`. @throws E_IMAGE when it cannot be read. */
  check?(index: number): Promise<CheckedImage>
  /** Which images are read together, where not all fit into memory: a shuffled order keeps them together. */
  readonly blocks?: Blocks
  /** How many batches are decoded ahead of the one that the consumer works on; 2 by default. */
  readonly prefetch?: number
}

export type ChooseCrop = (image: ImageExtent) => Crop

export interface CroppedPixels {
  /** Of the image or a part of it, at its own size or a smaller one. */
  readonly pixels: Pixels
  /** The chosen crop in these pixels, which may begin and end within one. */
  readonly crop: Crop
}

/** What reading an image to its end shows. */
export interface CheckedImage extends ImageExtent {
  /** The same for images with the same bytes. */
  readonly sha256?: string
}

export interface InputOptions {
  /** Changes the image at random. */
  readonly augment?: AugmentOptions
  /** Numbers what is drawn for the image in its epoch; its index by default. */
  readonly draw?: number
  /** Memory that the result may be written to. */
  readonly into?: Uint8Array
}

/** A dataset that gives single images too, so that others can be made of it: subsets, caches. */
export interface ImageDataset extends Dataset {
  readonly prefetch: number
  readonly weights?: ArrayLike<number>
  readonly blocks?: Blocks
  /** One image as the network takes it: `[inputSize, channels]`. @throws E_IMAGE when it cannot be read. */
  input(index: number, preprocessing: Preprocessing, options?: InputOptions): Promise<Uint8Array>
  /** The part that is chosen from the upright size, scaled and written to `into`. @throws E_IMAGE when it cannot be read. */
  scaledCrop(index: number, choose: ChooseCrop, preprocessing: Preprocessing, into: Uint8Array): Promise<void>
  /** Reads one image to its end and gives its size. @throws E_IMAGE when it cannot be read. */
  check(index: number): Promise<CheckedImage>
}

/**
 * A dataset from its images: `defineDataset({ classes, labels, path, item })`. It makes `batches`, which decodes
 * ahead and gives the same batches for the same seed, whatever the timing.
 *
 * @throws E_DATASET when a label names no class, or there are not as many targets or weights as images; E_OPTION when
 * `prefetch` is not a whole number of at least 1.
 */
export function defineDataset(definition: DatasetDefinition): ImageDataset {
  const { classes, labels, targets, weights, blocks, prefetch = 2 } = definition
  if (!Number.isInteger(prefetch) || prefetch < 1) {
    throw new ConvkitError('E_OPTION', `prefetch must be a whole number of batches, at least 1: ${prefetch}`)
  }
  checkLabels(labels, classes, (index) => definition.path(index))
  requireAsMany('targets', targets, labels.length * classes.length)
  requireAsMany('weights', weights, labels.length)
  const unreadable = unreadableImages()
  const item = async (index: number) => definition.item(index)
  const plainInput = async (index: number, preprocessing: Preprocessing) =>
    definition.input?.(index, preprocessing) ?? preprocess(await item(index), preprocessing).data

  const croppedPixels = async (index: number, choose: ChooseCrop, preprocessing: Preprocessing) => {
    if (definition.crop) return definition.crop(index, choose, preprocessing)
    const pixels = await item(index)
    return { pixels, crop: choose(pixels) }
  }

  const dataset: ImageDataset = {
    length: labels.length,
    classes,
    labels,
    ...(targets && { targets }),
    ...(weights && { weights }),
    ...(blocks && { blocks }),
    prefetch,
    path: (index) => definition.path(index),
    item: async (index) => ({
      pixels: await item(index),
      label: labels[index] as number,
      path: definition.path(index),
    }),
    async input(index, preprocessing, { augment, draw = index, into } = {}) {
      if (!augment) return plainInput(index, preprocessing)
      const image = await croppedInput(dataset, plainInput, index, preprocessing, augment, { draw, into })
      return (await transformImage(image, augment, draw, image.data)).data
    },
    async scaledCrop(index, choose, preprocessing, into) {
      if (definition.scaledCrop) return definition.scaledCrop(index, choose, preprocessing, into)
      const { pixels, crop } = await croppedPixels(index, choose, preprocessing)
      const { data } = cropPixels(pixels, crop, preprocessing, into)
      if (data !== into) into.set(data)
    },
    check: async (index) => definition.check?.(index) ?? item(index),
    batches: (options) => batches(dataset, unreadable, options),
    get unreadable() {
      return unreadable.list()
    },
  }
  return dataset
}

/** An image of the input size that transforms may write to. */
async function croppedInput(
  dataset: ImageDataset,
  plainInput: (index: number, preprocessing: Preprocessing) => Promise<Uint8Array>,
  index: number,
  preprocessing: Preprocessing,
  augment: AugmentOptions,
  { draw, into }: { readonly draw: number; readonly into?: Uint8Array | undefined },
): Promise<Pixels> {
  const { inputSize, channels } = preprocessing
  const [height, width] = inputSize
  const length = height * width * channels
  const data = into?.length === length ? into : new Uint8Array(length)
  if (augment.augmentation.crop) {
    const choose = (image: ImageExtent) => cropFor(augment, draw, image, inputSize) as Crop
    await dataset.scaledCrop(index, choose, preprocessing, data)
  } else {
    // What gives the input may keep it.
    data.set(await plainInput(index, preprocessing))
  }
  return { height, width, channels, data }
}

function requireAsMany(name: string, values: ArrayLike<number> | undefined, count: number): void {
  if (!values || values.length === count) return
  throw new ConvkitError('E_DATASET', `There are ${values.length} ${name} where there should be ${count}`)
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
