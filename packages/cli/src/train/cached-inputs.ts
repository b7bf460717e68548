import { freemem } from 'node:os'
import type { Preprocessing } from '@convkit/core'
import { defineDataset, type ImageDataset } from '@convkit/data'

/**
 * The dataset with its decoded images kept in memory, so that epochs after the first do not decode: for small networks
 * that is most of the time. Only where all of them take at most a quarter of the memory that is free.
 */
export function cachedInputs(
  dataset: ImageDataset,
  { inputSize: [height, width], channels }: Preprocessing,
  available = freemem(),
): ImageDataset {
  if (dataset.length * height * width * channels > available / 4) return dataset
  const inputs: (Uint8Array | undefined)[] = []
  return defineDataset({
    ...dataset,
    item: async (index) => (await dataset.item(index)).pixels,
    async input(index, preprocessing) {
      inputs[index] ??= await dataset.input(index, preprocessing)
      return inputs[index]
    },
  })
}
