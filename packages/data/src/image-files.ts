import { checkImage } from './check-image.js'
import { defineDataset, type ImageDataset } from './define-dataset.js'
import { type ImageSize, imageSize } from './image-size.js'
import { networkInput } from './network-input.js'
import type { ImageOptions } from './open-image.js'
import { readImage } from './read-image.js'

export interface ImageFiles extends ImageOptions {
  readonly paths: readonly string[]
  /** The label of each path. */
  readonly labels: readonly number[]
  readonly classes: readonly string[]
  /** How many batches are decoded ahead; 2 by default. */
  readonly prefetch?: number
}

/** A dataset of image files. Each file's header is read once, at the first use, for where to resize and crop. */
export function imageFiles({ paths, labels, classes, prefetch, ...options }: ImageFiles): ImageDataset {
  const sizes: (ImageSize | undefined)[] = []
  const path = (index: number) => paths[index] as string
  return defineDataset({
    classes,
    labels,
    path,
    item: (index) => readImage(path(index), options),
    async input(index, preprocessing) {
      sizes[index] ??= await imageSize(path(index), options)
      return networkInput(path(index), sizes[index], preprocessing, options)
    },
    async check(index) {
      sizes[index] = await checkImage(path(index), options)
      return sizes[index]
    },
    prefetch,
  })
}
