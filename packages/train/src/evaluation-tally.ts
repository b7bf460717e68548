import type { Logs } from '@convkit/core'
import { type ClassReport, classificationReport } from './classification-report.js'
import { softmaxRows } from './softmax-rows.js'

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

export interface EvaluationTally {
  /** Counts images by label and prediction, and calls back with them. */
  add(batch: Pick<EvaluatedBatch, 'indices' | 'labels' | 'logits'>): Promise<void>
  /** What the images came to; `logs` are `loss` and metrics over all of them. */
  result(images: number, logs: Logs): Evaluation
}

/** An evaluation's counts, from none on. */
export function evaluationTally(
  classes: readonly string[],
  total: number,
  onBatch: ((batch: EvaluatedBatch) => void | Promise<void>) | undefined,
): EvaluationTally {
  const confusion = classes.map(() => new Array<number>(classes.length).fill(0))
  let done = 0
  return {
    async add({ indices, labels, logits }) {
      labels.forEach((label, row) => {
        const counts = confusion[label] as number[]
        const predicted = largest(logits, row * classes.length, classes.length)
        counts[predicted] = (counts[predicted] as number) + 1
      })
      done += labels.length
      if (!onBatch) return
      const probabilities = softmaxRows(logits, classes.length)
      await onBatch({ indices, labels, logits, probabilities, done, total })
    },
    result(images, { loss, ...metrics }) {
      const perClass = classificationReport(confusion, classes)
      return { images, loss: loss as number, metrics, perClass, confusion }
    },
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
