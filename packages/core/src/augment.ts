import type { AugmentOptions, Crop, ImageExtent } from './augmentation.js'
import type { Batch } from './dataset.js'
import type { Pixels, Preprocessing } from './preprocessing.js'
import { type RandomStream, random } from './random.js'
import { preprocess, toChannels } from './resample.js'
import { resizeRegion } from './resize-region.js'

/**
 * What a dataset does under augmentation, in this order: `cropFor`, a resize to the input size, `transformImage` for
 * each image, `mixBatch` for each batch. Every number drawn follows from the seed, the epoch and the image or batch
 * alone, so neither timing nor a resume changes it.
 */

/** The part of an image that is taken; undefined where the augmentation takes what evaluation takes. */
export function cropFor(
  augment: AugmentOptions,
  index: number,
  image: ImageExtent,
  [height, width]: Preprocessing['inputSize'],
): Crop | undefined {
  return augment.augmentation.crop?.(image, { height, width }, imageStream(augment, index).stream('crop'))
}

/**
 * An image of the network's input size with all transforms applied, each with a stream of its own. They may write to
 * `into`: memory of the image's size, also its own where nobody else needs it.
 */
export async function transformImage(
  image: Pixels,
  augment: AugmentOptions,
  index: number,
  into?: Uint8Array,
): Promise<Pixels> {
  const stream = imageStream(augment, index)
  let transformed = image
  for (const [position, transform] of augment.augmentation.transforms.entries()) {
    transformed = await transform.apply(transformed, stream.stream('transform', position), into)
  }
  return transformed
}

/** Mixes a batch in place where the augmentation mixes. `number` is the batch's in its epoch, from 0. */
export function mixBatch(batch: Batch, { augmentation, seed, epoch }: AugmentOptions, number: number): Batch {
  const { mix } = augmentation
  return mix ? { ...batch, mixed: mix.apply(batch, random(seed, 'mix', epoch, number)) } : batch
}

/** All of it for one decoded image: any size → `[inputSize, channels]`; without `augment` as {@link preprocess}. */
export async function augmentedInput(
  image: Pixels,
  preprocessing: Preprocessing,
  augment: AugmentOptions | undefined,
  index: number,
): Promise<Pixels> {
  if (!augment) return preprocess(image, preprocessing)
  const crop = cropFor(augment, index, image, preprocessing.inputSize)
  const input = crop ? cropPixels(image, crop, preprocessing) : preprocess(image, preprocessing)
  return transformImage(input, augment, index)
}

/** A part of an image, scaled to the network's input size; in the memory of `into` where it needs no more than that. */
export function cropPixels(
  image: Pixels,
  crop: Crop,
  { inputSize, channels, interpolation }: Pick<Preprocessing, 'inputSize' | 'channels' | 'interpolation'>,
  into?: Uint8Array,
): Pixels {
  // Grey is made before the resize, as PIL and torchvision do; grey becomes RGB after it, which is the same for less.
  const source = channels === 1 ? toChannels(image, 1) : image
  const target = source.channels === channels ? into : undefined
  const scaled = resizeRegion(source, crop, ...inputSize, crop.interpolation ?? interpolation, target)
  return toChannels(scaled, channels)
}

function imageStream({ seed, epoch }: AugmentOptions, index: number): RandomStream {
  return random(seed, 'augment', epoch, index)
}
