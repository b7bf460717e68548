import {
  augmentedInput,
  type Batch,
  createRegistry,
  createVariant,
  type Dataset,
  random,
} from '@convkit/core'
import { referenceEngine, tinynet } from '@convkit/core/testing'

const classes = ['dark', 'bright'] as const
const side = 8

/** A network with dropout that the reference engine trains in a second, and images to train and validate it on. */
export async function tinyTraining() {
  const registry = createRegistry(tinynet)
  const model = await createVariant(registry.model('tinynet_dropout'), {
    registry,
    classes,
    engine: referenceEngine(),
    seed: 1,
  })
  return { model, train: tinyImages(12, 1), validation: tinyImages(6, 2) }
}

/** Noisy images, every other one bright. */
function tinyImages(length: number, seed: number): Dataset {
  const labels = Int32Array.from({ length }, (_, index) => index % 2)
  const pixelsOf = (index: number) => {
    const stream = random(seed, 'pixels', index)
    const bytes = side * side * 3
    const data = Uint8Array.from(
      { length: bytes },
      (_, i) => 120 * (labels[index] as number) + 100 * stream.uniform(i),
    )
    return { height: side, width: side, channels: 3 as const, data }
  }
  return {
    length,
    classes,
    labels,
    path: (index) => `${classes[labels[index] as number]}/${index}.png`,
    item: async (index) => ({ pixels: pixelsOf(index), label: labels[index] as number }),
    unreadable: [],
    async *batches({ batchSize, preprocessing, shuffle, augment, skip = 0, dropLast = false }) {
      const order = shuffle
        ? random(shuffle.seed, 'shuffle', shuffle.epoch).permutation(length)
        : Uint32Array.from({ length }, (_, index) => index)
      for (let from = skip * batchSize; from < length; from += batchSize) {
        const rows = order.slice(from, from + batchSize)
        if (dropLast && rows.length < batchSize) return
        const batch: Batch = {
          images: new Uint8Array(batchSize * side * side * 3),
          size: batchSize,
          count: rows.length,
          height: side,
          width: side,
          channels: 3,
          labels: new Int32Array(batchSize).fill(-1),
          indices: new Int32Array(batchSize).fill(-1),
        }
        for (const [row, index] of rows.entries()) {
          const { data } = await augmentedInput(pixelsOf(index), preprocessing, augment, index)
          batch.images.set(data, row * data.length)
          batch.labels[row] = labels[index] as number
          batch.indices[row] = index
        }
        yield batch
      }
    },
  }
}
