import type { Pixels } from '@convkit/core'

/** An exported model, opened by what is to run it. */
export interface ExportedModel {
  /** For people: `onnxruntime 1.30.0`. */
  readonly runtime: string
  /** Logits `[n, classes]`, row-major, of images of the model's input size, in one call. */
  run(images: readonly Pixels[]): Promise<Float32Array>
  dispose(): Promise<void>
}
