import { ConvkitError, type Pixels } from '@convkit/core'
import { defineDataset, type ImageDataset } from '../dataset/define-dataset.js'

/**
 * A dataset in memory. Images are named `image 0`, `image 1`, …
 *
 * @throws E_DATASET when there are not as many labels as images, or a label names no class.
 */
export function arrayDataset({
  images,
  labels,
  classes,
}: {
  readonly images: readonly Pixels[]
  readonly labels: ArrayLike<number>
  readonly classes: readonly string[]
}): ImageDataset {
  if (images.length !== labels.length) {
    throw new ConvkitError(
      'E_DATASET',
      `There are ${images.length} images and ${labels.length} labels: each image needs one`,
    )
  }
  return defineDataset({
    classes,
    labels,
    path: (index) => `image ${index}`,
    item: (index) => images[index] as Pixels,
  })
}
