import type { ConvkitError, Inference, Model } from '@convkit/core'

/** What of a model its clients are told. */
export interface ServedModel
  extends Pick<Model, 'name' | 'classes' | 'preprocessing'>,
    Required<Pick<Model, 'severalLabels'>> {
  /** The engine's description: `onnxruntime 1.30.0, 2 threads`. */
  readonly engine: string
}

/** What computes: a model in this process or in one of its own. */
export interface Backend {
  readonly model: ServedModel
  /** Numbers of images that one call takes, ascending from 1. */
  readonly batchSizes: readonly number[]
  /**
   * Logits and probabilities of images that have the network's input size: uint8 `[n, h, w, c]`, n one of
   * {@link batchSizes}. One call at a time.
   *
   * @throws E_ENGINE when it cannot.
   */
  infer(images: Uint8Array): Promise<Inference>
  /** Resolves with the reason, if ever the backend comes to its end by itself. */
  readonly failed: Promise<ConvkitError>
  dispose(): Promise<void>
}

/** Bytes of one image that has the network's input size. */
export function imageBytes({
  preprocessing: { inputSize, channels },
}: Pick<ServedModel, 'preprocessing'>): number {
  const [height, width] = inputSize
  return height * width * channels
}

/**
 * Numbers of images that a native call takes: powers of four, and the largest. Each has a compiled graph with weights of
 * its own, so they are few.
 */
export function batchSizesUpTo(largest: number): number[] {
  const powers = [1, 4, 16, 64, 256].filter((size) => size < largest)
  return [...powers, largest]
}
