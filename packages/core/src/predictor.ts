import { sigmoid, softmax } from '@convkit/graph'
import { createImageRunner, type ImageRunnerOptions } from './image-runner.js'
import type { Model } from './model.js'
import type { Pixels } from './preprocessing.js'

/** Logits and probabilities, `[images, classes]` row-major. */
export interface Inference {
  readonly logits: Float32Array
  readonly probabilities: Float32Array
}

export interface Predictor {
  infer(images: readonly Pixels[]): Promise<Inference>
  /** Says that weights have changed since the last call. */
  invalidate(): void
  dispose(): Promise<void>
}

/**
 * A model on images that have its input size already: they are neither scaled nor cropped. Dispose of it before the
 * model's weights change.
 */
export function inputPredictor(model: Model, batchSize = 16): Predictor {
  const { engine, weights, preprocessing, severalLabels } = model
  return createPredictor({
    severalLabels,
    engine,
    weights,
    preprocessing: { ...preprocessing, cropPct: 1 },
    batchSize,
    trace: (size) => model.trace({ batchSize: size, mode: 'infer' }),
  })
}

interface PredictorOptions extends Omit<ImageRunnerOptions<never>, 'outputs'> {
  /** Whether probabilities are a sigmoid a class instead of a softmax of all. */
  readonly severalLabels?: boolean | undefined
}

/** Runs a network on images of any size. */
export function createPredictor({ severalLabels = false, ...options }: PredictorOptions): Predictor {
  const probabilitiesOf = severalLabels ? sigmoid : softmax
  const runner = createImageRunner({
    ...options,
    outputs: ({ logits }) => ({ logits, probabilities: probabilitiesOf(logits) }),
  })
  return {
    async infer(images) {
      if (images.length === 0) return { logits: new Float32Array(0), probabilities: new Float32Array(0) }
      const { logits, probabilities } = await runner.run(images)
      return { logits: logits.data, probabilities: probabilities.data }
    },
    invalidate: runner.invalidate,
    dispose: runner.dispose,
  }
}
