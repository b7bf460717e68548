import type { BatchedClassifier, ImageInference } from './classifier.js'

/**
 * Logits and probabilities of all images of a request, each as soon as it is decoded. The first failure stops the others, and
 * is thrown when nothing of the request is in work any more.
 */
export async function classifyAll(
  classifier: BatchedClassifier,
  images: readonly (Uint8Array | Promise<Uint8Array>)[],
  stop: AbortController,
): Promise<ImageInference[]> {
  const answers = images.map(async (image) => {
    try {
      return await classifier.classify(await image, stop.signal)
    } catch (error) {
      stop.abort(error)
      throw error
    }
  })
  await Promise.allSettled(answers)
  stop.signal.throwIfAborted()
  return Promise.all(answers)
}
