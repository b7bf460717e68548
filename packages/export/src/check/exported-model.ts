import type { Pixels } from '@convkit/core'

/** An exported model, opened by what is to run it. */
export interface ExportedModel {
  /** For people: `onnxruntime 1.30.0`. */
  readonly runtime: string
  /** Whether it scales and crops images itself. */
  readonly takesAnySize: boolean
  /** Logits `[n, classes]`, row-major, of images of the model's input size, or of any size. */
  run(images: readonly Pixels[]): Promise<Float32Array>
  dispose(): Promise<void>
}
