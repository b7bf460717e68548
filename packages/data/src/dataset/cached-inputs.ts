import type { Preprocessing } from '@convkit/core'
import { availableMemory } from '../images/decoded-cache.js'
import { defineDataset, type ImageDataset } from './define-dataset.js'
import { sameImages } from './subset.js'

/**
 * The dataset with its images for this preprocessing kept in memory once they were decoded, so that epochs after the
 * first do not decode: for small networks that is most of the time. Only where all of them take at most a quarter of
 * the memory that is free. Crops of an augmentation are not kept: `decodedCache` of image files is for those.
 */
export function cachedInputs(
  dataset: ImageDataset,
  preprocessing: Preprocessing,
  available = availableMemory(),
): ImageDataset {
  const {
    inputSize: [height, width],
    channels,
  } = preprocessing
  if (dataset.length * height * width * channels > available / 4) return dataset
  const cached = JSON.stringify(preprocessing)
  const inputs: (Uint8Array | undefined)[] = []
  const { classes, labels, targets, weights } = dataset
  return defineDataset({
    ...sameImages(dataset),
    classes,
    labels,
    targets,
    weights,
    async input(index, asked) {
      if (asked !== preprocessing && JSON.stringify(asked) !== cached) return dataset.input(index, asked)
      inputs[index] ??= await dataset.input(index, asked)
      return inputs[index]
    },
  })
}
