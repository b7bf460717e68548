import type { Engine } from '@convkit/core'
import { stratifiedFolds } from '@convkit/data'
import { type LabelledFeatures, linearProbes } from './linear-probe.js'
import { rowsOf, stacked } from './stage-features.js'

/** Penalties that are tried, from the largest on. */
const penalties = [0.3, 0.1, 0.03, 0.01, 0.003]

/** How well a linear probe labels images that it has not seen. */
export interface ProbeScore {
  /** Share of images labelled rightly, each by a probe that was made without it. */
  readonly top1: number
  /** Mean cross-entropy of the same. */
  readonly loss: number
  /** The penalty that this was reached with. */
  readonly l2: number
}

export interface CrossValidateOptions {
  readonly classes: number
  /** Parts that are left out in turn; 3 by default. */
  readonly folds?: number
  readonly seed?: number
  /** Another view of the same images, row by row: probes learn from it, and are not asked about it. */
  readonly mirrored?: LabelledFeatures | undefined
}

/** Measures linear probes by cross-validation, with the penalty that has the least loss. */
export async function crossValidate(
  engine: Engine,
  features: LabelledFeatures,
  { classes, folds = 3, seed = 0, mirrored }: CrossValidateOptions,
): Promise<ProbeScore> {
  const { labels } = features
  const names = Array.from({ length: classes }, (_, index) => String(index))
  const sums = penalties.map(() => ({ correct: 0, loss: 0 }))
  for (const fold of stratifiedFolds(labels, names, Math.min(folds, labels.length), seed)) {
    const held = rowsOf(features, fold.validation)
    const known = stacked(rowsOf(features, fold.train), mirrored && rowsOf(mirrored, fold.train))
    const probes = await linearProbes(engine, known, {
      classes,
      l2: penalties,
      steps: 15,
      tolerance: 1e-3,
    })
    probes.forEach((probe, at) => {
      const sum = sums[at] as (typeof sums)[number]
      const { correct, loss } = score(probe.logits(held.data), held.labels, classes)
      sum.correct += correct
      sum.loss += loss
    })
  }
  const scores = sums.map(({ correct, loss }, at) => ({
    top1: correct / labels.length,
    loss: loss / labels.length,
    l2: penalties[at] as number,
  }))
  return scores.reduce((best, each) => (each.loss < best.loss ? each : best))
}

function score(logits: Float32Array, labels: ArrayLike<number>, classes: number) {
  let [correct, loss] = [0, 0]
  for (let row = 0; row < labels.length; row++) {
    const own = logits.subarray(row * classes, (row + 1) * classes)
    const largest = own.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const total = own.reduce((sum, value) => sum + Math.exp(value - largest), 0)
    const label = labels[row] as number
    if (own.indexOf(largest) === label) correct++
    loss += Math.log(total) + largest - (own[label] as number)
  }
  return { correct, loss }
}
