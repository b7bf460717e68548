import type { EvaluatedImages, Logs } from '@convkit/core'
import { type ClassReport, classificationReport, type Hits, reportOf } from './classification-report.js'
import { softmaxRows } from './softmax-rows.js'

/** Images of one batch with the model's answers; rows that only filled it up are left out. */
export interface EvaluatedBatch extends EvaluatedImages {
  /** Softmax of the logits; where images have any number of labels, their sigmoid. */
  readonly probabilities: Float32Array
  /** Images evaluated so far, these included. */
  readonly done: number
  /** Images in the dataset. */
  readonly total: number
}

export interface Evaluation {
  readonly images: number
  readonly loss: number
  /** Precision, recall and F1 of each class; of several labels those above a probability of ½. */
  readonly perClass: readonly ClassReport[]
  /** Images by label (rows) and prediction (columns); empty where images have any number of labels. */
  readonly confusion: readonly (readonly number[])[]
  /** Each metric by its name: `top1`, `top5`. */
  readonly metrics: Readonly<Record<string, number>>
}

export interface EvaluationTally {
  /** Counts images by label and prediction, and calls back with them. */
  add(images: EvaluatedImages): Promise<void>
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
  const hits = classes.map((): Hits => ({ images: 0, predicted: 0, correct: 0 }))
  let isSeveral = false
  let done = 0
  return {
    async add({ indices, labels, targets, logits }) {
      isSeveral ||= targets !== undefined
      if (targets) countHits(hits, targets, logits)
      else
        labels.forEach((label, row) => {
          const counts = confusion[label] as number[]
          const predicted = largest(logits, row * classes.length, classes.length)
          counts[predicted] = (counts[predicted] as number) + 1
        })
      done += labels.length
      if (!onBatch) return
      const probabilities = targets ? logits.map(sigmoid) : softmaxRows(logits, classes.length)
      await onBatch({ indices, labels, targets, logits, probabilities, done, total })
    },
    result(images, { loss, ...metrics }) {
      if (isSeveral) {
        const perClass = classes.map((label, k) => reportOf(label, hits[k] as Hits))
        return { images, loss: loss as number, metrics, perClass, confusion: [] }
      }
      const perClass = classificationReport(confusion, classes)
      return { images, loss: loss as number, metrics, perClass, confusion }
    },
  }
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit))

/** Counts a class where its logit is above 0, a probability above ½. */
function countHits(hits: readonly Hits[], targets: Float32Array, logits: Float32Array): void {
  for (let i = 0; i < targets.length; i++) {
    const counts = hits[i % hits.length] as Hits
    const [isShown, isPredicted] = [targets[i] === 1, (logits[i] as number) > 0]
    counts.images += Number(isShown)
    counts.predicted += Number(isPredicted)
    counts.correct += Number(isShown && isPredicted)
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
