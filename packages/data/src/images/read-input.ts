import type { Preprocessing } from '@convkit/core'
import { imageHeader } from './image-header.js'
import { type ImageInput, loaded, sourceOf } from './image-source.js'
import { networkInput } from './network-input.js'
import type { ImageOptions } from './open-image.js'

export interface ReadInputOptions extends ImageOptions {
  /** What messages call an image that is given as bytes; `The image` by default. */
  readonly name?: string
}

/**
 * Decodes an image as a network takes it, off the main thread: uint8 `[inputSize, channels]`, what evaluation sees of it.
 *
 * @throws E_IMAGE naming the image and the reason, when it cannot be read.
 */
export async function readInput(
  input: ImageInput,
  preprocessing: Preprocessing,
  { name, ...options }: ReadInputOptions = {},
): Promise<Uint8Array> {
  const source = await loaded({ ...sourceOf(input, options), ...(name !== undefined && { name }) })
  return networkInput(source, await imageHeader(source, options), preprocessing, options)
}
