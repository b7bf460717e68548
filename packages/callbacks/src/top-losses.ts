import type { Callback } from '@convkit/core'
import { type BestEvaluationOptions, bestEvaluation } from './shared/best-evaluation.js'
import { type ImageAnswer, imageAnswers } from './shared/image-answers.js'

export interface TopLossesOptions extends BestEvaluationOptions<TopLossesResult> {
  /** Images kept; 16 by default. */
  readonly count?: number
}

/** The images of the validation set that the model was most wrong about at the best epoch. */
export interface TopLossesResult {
  /** From 1. */
  readonly epoch: number
  /** The largest loss first. */
  readonly images: readonly {
    readonly path: string
    readonly label: string
    readonly predicted: string
    /** Of the predicted class. */
    readonly probability: number
    readonly loss: number
  }[]
}

/** Keeps the validation images with the largest losses of the best epoch; none where images have any number of labels. */
export function topLosses({ count = 16, ...options }: TopLossesOptions = {}): Callback {
  let worst: readonly ImageAnswer[] = []
  return bestEvaluation<TopLossesResult>('topLosses', options, {
    begin() {
      worst = []
    },
    add(images) {
      worst = largestLosses([...worst, ...imageAnswers(images)], count)
    },
    result: (epoch, { model: { classes }, validation }) => ({
      epoch,
      images: worst.map(({ index, label, predicted, probability, loss }) => ({
        path: validation?.path(index) ?? '',
        label: classes[label] as string,
        predicted: classes[predicted] as string,
        probability,
        loss,
      })),
    }),
  })
}

/** The largest losses first; equal ones in the order of the dataset. */
export function largestLosses(answers: readonly ImageAnswer[], count: number): ImageAnswer[] {
  return [...answers].sort((a, b) => b.loss - a.loss || a.index - b.index).slice(0, count)
}
