import { augmentedInput, type Dataset, type Pixels, random } from '@convkit/core'

/** Labelled images in memory as a dataset, for a page: @convkit/data reads files, and needs Node.js. */
export function drawnDataset(
  images: readonly Pixels[],
  labels: readonly number[],
  classes: readonly string[],
): Dataset {
  const pixelsOf = (index: number) => {
    const pixels = images[index]
    if (!pixels) throw new RangeError(`There are ${images.length} images, and none at ${index}`)
    return pixels
  }
  const path = (index: number) => `drawing ${index}`
  return {
    length: images.length,
    classes,
    labels,
    unreadable: [],
    path,
    item: async (index) => ({ pixels: pixelsOf(index), label: labels[index] ?? -1, path: path(index) }),
    async *batches({ batchSize, preprocessing, shuffle, augment, dropLast = false, skip = 0 }) {
      const order = shuffle
        ? random(shuffle.seed, 'order', shuffle.epoch).permutation(images.length)
        : Uint32Array.from(images, (_, index) => index)
      const { inputSize, channels } = preprocessing
      const [height, width] = inputSize
      const length = height * width * channels
      for (let from = skip * batchSize; from < images.length; from += batchSize) {
        const chosen = order.subarray(from, from + batchSize)
        if (dropLast && chosen.length < batchSize) return
        const batch = {
          images: new Uint8Array(batchSize * length),
          size: batchSize,
          height,
          width,
          channels,
          labels: new Int32Array(batchSize).fill(-1),
          indices: new Int32Array(batchSize).fill(-1),
          count: chosen.length,
        }
        for (const [row, index] of chosen.entries()) {
          const { data } = await augmentedInput(pixelsOf(index), preprocessing, augment, index)
          batch.images.set(data, row * length)
          batch.labels[row] = labels[index] ?? -1
          batch.indices[row] = index
        }
        yield batch
      }
    },
  }
}
