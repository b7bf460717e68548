import { freemem } from 'node:os'
import type { Preprocessing } from '@convkit/core'
import { defineDataset, type ImageDataset } from './define-dataset.js'

/**
 * The dataset with its images for this preprocessing kept in memory once they were decoded, so that epochs after the first do not decode: for small networks
 * that is most of the time. Only where all of them take at most a quarter of the memory that is free.
 */
export function cachedInputs(
  dataset: ImageDataset,
  preprocessing: Preprocessing,
  available = freemem(),
): ImageDataset {
  const {
    inputSize: [height, width],
    channels,
  } = preprocessing
  if (dataset.length * height * width * channels > available / 4) return dataset
  const cached = JSON.stringify(preprocessing)
  const inputs: (Uint8Array | undefined)[] = []
  return defineDataset({
    ...dataset,
    item: async (index) => (await dataset.item(index)).pixels,
    async input(index, asked) {
      if (asked !== preprocessing && JSON.stringify(asked) !== cached) return dataset.input(index, asked)
      inputs[index] ??= await dataset.input(index, asked)
      return inputs[index]
    },
  })
}
