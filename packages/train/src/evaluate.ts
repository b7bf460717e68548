import type { Dataset, Metric, Model } from '@convkit/core'
import { checkDataset } from './check-dataset.js'
import { type ClassReport, classificationReport } from './classification-report.js'
import { evaluateSession } from './evaluate-session.js'
import { crossEntropy } from './losses/cross-entropy.js'
import type { Loss } from './losses/loss.js'
import { requireCount } from './require-option.js'
import { softmaxRows } from './softmax-rows.js'
import { topK } from './top-k.js'
import { evaluationProgram } from './training-program.js'

export interface EvaluateOptions {
  /** 32 by default. */
  readonly batchSize?: number
  /** `crossEntropy()` by default; smoothing and class weights do not count. */
  readonly loss?: Loss
  /** `topK(1)` and `topK(5)` by default. */
  readonly metrics?: readonly Metric[]
  /** Called after each batch: progress, and what the model made of its images. */
  readonly onBatch?: (batch: EvaluatedBatch) => void | Promise<void>
  /** An image that cannot be read fails the evaluation, the default, or is left out. */
  readonly onUnreadable?: 'skip' | 'fail'
  readonly signal?: AbortSignal
}

/** Images of one batch with the model's answers; rows that only filled it up are left out. */
export interface EvaluatedBatch {
  /** Position of each image in the dataset. */
  readonly indices: Int32Array
  readonly labels: Int32Array
  /** `[images, classes]`, row-major. */
  readonly logits: Float32Array
  /** Softmax of the logits. */
  readonly probabilities: Float32Array
  /** Images evaluated so far, these included. */
  readonly done: number
  /** Images in the dataset. */
  readonly total: number
}

export interface Evaluation {
  readonly images: number
  readonly loss: number
  /** Precision, recall and F1 of each class. */
  readonly perClass: readonly ClassReport[]
  /** Images by label (rows) and prediction (columns). */
  readonly confusion: readonly (readonly number[])[]
  /** Each metric by its name: `top1`, `top5`. */
  readonly metrics: Readonly<Record<string, number>>
}

/**
 * Measures a model on a dataset. The loss is the training loss without label smoothing and class weights.
 *
 * @throws E_CLASSES, E_DATASET, E_OPTION; E_IMAGE when an image cannot be read; the signal's reason when aborted.
 */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const {
    batchSize = 32,
    loss = crossEntropy(),
    metrics = [topK(1), topK(5)],
    onUnreadable = 'fail',
  } = options
  requireCount('batchSize', batchSize)
  checkDataset(model, dataset, 'evaluation')
  const classes = model.classes.length
  const confusion = model.classes.map(() => new Array<number>(classes).fill(0))
  let done = 0

  const program = evaluationProgram(model.trace({ batchSize, mode: 'infer' }), model.weights, loss)
  const session = await model.engine.load(program)
  try {
    const { images, logs } = await evaluateSession({
      session,
      dataset,
      batchSize,
      preprocessing: model.preprocessing,
      classes,
      metrics,
      onUnreadable,
      signal: options.signal,
      async onBatch(batch, padded) {
        const labels = batch.labels.slice(0, batch.count)
        const logits = padded.slice(0, batch.count * classes)
        labels.forEach((label, row) => {
          const counts = confusion[label] as number[]
          const predicted = largest(logits, row * classes, classes)
          counts[predicted] = (counts[predicted] as number) + 1
        })
        done += batch.count
        if (!options.onBatch) return
        await options.onBatch({
          indices: batch.indices.slice(0, batch.count),
          labels,
          logits,
          probabilities: softmaxRows(logits, classes),
          done,
          total: dataset.length,
        })
      },
    })
    const { loss: value, ...results } = logs
    return {
      images,
      loss: value as number,
      metrics: results,
      perClass: classificationReport(confusion, model.classes),
      confusion,
    }
  } finally {
    await session.dispose()
  }
}

/** The class with the largest logit of a row, the first of equals. */
function largest(logits: Float32Array, start: number, classes: number): number {
  let best = 0
  for (let index = 1; index < classes; index++) {
    if ((logits[start + index] as number) > (logits[start + best] as number)) best = index
  }
  return best
}
