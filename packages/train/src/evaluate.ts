import type { Dataset, Metric, Model } from '@convkit/core'
import { checkDataset, checkSeveralLabels } from './check-dataset.js'
import { defaultMeasures, evaluationMetrics } from './default-measures.js'
import { evaluateSession } from './evaluate-session.js'
import { type EvaluatedBatch, type Evaluation, evaluationTally } from './evaluation-tally.js'
import type { Loss } from './losses/loss.js'
import { requireCount } from './require-option.js'
import { evaluationProgram } from './training-program.js'

export interface EvaluateOptions {
  /** 32 by default. */
  readonly batchSize?: number
  /** `crossEntropy()` by default, `binaryCrossEntropy()` for several labels; smoothing and class weights do not count. */
  readonly loss?: Loss
  /** `topK(1)` and `topK(5)`, or `subsetAccuracy()`, `microF1()` and `meanAveragePrecision()`, by default. */
  readonly metrics?: readonly Metric[]
  /** Called after each batch: progress, and what the model made of its images. */
  readonly onBatch?: (batch: EvaluatedBatch) => void | Promise<void>
  /** An image that cannot be read fails the evaluation, the default, or is left out. */
  readonly onUnreadable?: 'skip' | 'fail'
  readonly signal?: AbortSignal
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
  const measures = defaultMeasures(dataset)
  const {
    batchSize = 32,
    loss = measures.loss,
    metrics = evaluationMetrics(dataset),
    onUnreadable = 'fail',
  } = options
  requireCount('batchSize', batchSize)
  checkDataset(model, dataset, 'evaluation')
  checkSeveralLabels(dataset, { loss, metrics })
  const classes = model.classes.length
  const tally = evaluationTally(model.classes, dataset.length, options.onBatch)

  const program = evaluationProgram(
    model.trace({ batchSize, mode: 'infer' }),
    model.weights,
    loss,
    dataset.targets !== undefined,
  )
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
      onBatch: tally.add,
    })
    return tally.result(images, logs)
  } finally {
    await session.dispose()
  }
}
