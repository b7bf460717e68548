import type { Callback } from '@convkit/core'
import { type BestEvaluationOptions, bestEvaluation } from './shared/best-evaluation.js'
import { imageAnswers } from './shared/image-answers.js'

/** Images of the validation set by label (rows) and prediction (columns), at the best epoch. */
export interface ConfusionResult {
  /** From 1. */
  readonly epoch: number
  readonly classes: readonly string[]
  readonly matrix: readonly (readonly number[])[]
}

/** Keeps the confusion matrix of the best epoch; it stays empty where images have any number of labels. */
export function confusion(options: BestEvaluationOptions<ConfusionResult> = {}): Callback {
  let matrix: number[][] = []
  return bestEvaluation<ConfusionResult>('confusion', options, {
    begin({ model: { classes } }) {
      matrix = classes.map(() => classes.map(() => 0))
    },
    add(images) {
      for (const { label, predicted } of imageAnswers(images)) {
        const row = matrix[label] as number[]
        row[predicted] = (row[predicted] as number) + 1
      }
    },
    result: (epoch, { model: { classes } }) => ({ epoch, classes, matrix }),
  })
}
