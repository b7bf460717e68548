import type { Inference } from '@convkit/core'
import { type Backend, imageBytes } from '../backend/backend.js'
import { type Batcher, createBatcher } from '../batching/batcher.js'

/** Logits and probabilities of one image, `[classes]` each. */
export type ImageInference = Inference

export interface BatchedClassifier {
  /** Images that wait for a native call. */
  readonly waiting: number
  /** Images a second of late, while there was something to do; 0 before the first. */
  readonly imagesPerSecond: number
  /** One image of the network's input size, uint8 `[h, w, c]`. */
  classify(image: Uint8Array, signal: AbortSignal): Promise<ImageInference>
}

export interface BatchRun {
  readonly images: number
  readonly seconds: number
}

/** How much of the newest batch the running average of throughput takes. */
const newestShare = 0.2

/** A backend whose calls are shared by all images that wait at the same time. */
export function batchedClassifier(
  backend: Backend,
  { maxDelay, onRun }: { readonly maxDelay: number; readonly onRun: (run: BatchRun) => void },
): BatchedClassifier {
  const bytes = imageBytes(backend.model)
  const classes = backend.model.classes.length
  let imagesPerSecond = 0
  // Memory that was touched before is taken again.
  const buffers = new Map(backend.batchSizes.map((size) => [size, new Uint8Array(size * bytes)]))

  const run = async (images: readonly Uint8Array[]): Promise<ImageInference[]> => {
    const batch = buffers.get(images.length) ?? new Uint8Array(images.length * bytes)
    for (const [row, image] of images.entries()) batch.set(image, row * bytes)
    const started = performance.now()
    const { logits, probabilities } = await backend.infer(batch)
    const seconds = (performance.now() - started) / 1000
    const speed = images.length / seconds
    imagesPerSecond =
      imagesPerSecond === 0 ? speed : imagesPerSecond + newestShare * (speed - imagesPerSecond)
    onRun({ images: images.length, seconds })
    const rowOf = (values: Float32Array, row: number) => values.slice(row * classes, (row + 1) * classes)
    return images.map((_, row) => ({ logits: rowOf(logits, row), probabilities: rowOf(probabilities, row) }))
  }
  const batcher: Batcher<Uint8Array, ImageInference> = createBatcher({
    sizes: backend.batchSizes,
    maxDelay,
    run,
  })

  return {
    get waiting() {
      return batcher.waiting
    },
    get imagesPerSecond() {
      return imagesPerSecond
    },
    classify: batcher.submit,
  }
}
