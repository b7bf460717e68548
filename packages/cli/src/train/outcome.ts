import { join } from 'node:path'
import { bestEpoch, type ImageAnswer, imageAnswers } from '@convkit/callbacks'
import type { Dataset, Logs, Model } from '@convkit/core'
import { confusedPairs } from '@convkit/report/confused-pairs'
import {
  describeShare,
  type Evaluation,
  evaluate,
  type FitResult,
  macroF1,
  wilsonInterval,
} from '@convkit/train'
import type { Report } from '../shared/report.js'
import type { RunFolder } from './run-folder.js'

/** How a run ended; its `summary.json`. */
export interface Outcome {
  readonly run: string
  /** Epochs trained. */
  readonly epochs: number
  /** The best epoch (from 1), on the validation images where there are any. */
  readonly best: { readonly epoch: number; readonly top1?: number; readonly loss: number }
  readonly seconds: number
  readonly steps: number
  readonly stopped?: string
  /** Of the best weights. */
  readonly validation?: Evaluation & {
    readonly macroF1: number
    /** Where each image has one label. */
    readonly top1Interval?: { low: number; high: number }
  }
}

/** An outcome, and what the model made of each validation image. */
export interface MeasuredOutcome {
  readonly outcome: Outcome
  readonly answers: readonly ImageAnswer[]
}

export interface OutcomeInputs {
  readonly folder: RunFolder
  readonly model: Model
  readonly validation: Dataset | undefined
  readonly batchSize: number
  readonly result: FitResult
  readonly seconds: number
}

/** Measures the trained model. Without validation images the last epoch counts as the best. */
export async function measureOutcome({
  folder,
  model,
  validation,
  batchSize,
  result,
  seconds,
}: OutcomeInputs): Promise<MeasuredOutcome> {
  const { history, epochs, steps, stopped } = result
  const base = { run: folder.path, epochs, seconds, steps, ...(stopped !== undefined && { stopped }) }
  if (!validation) {
    const { top1, loss = Number.NaN } = history.at(-1) ?? {}
    return {
      outcome: { ...base, best: { epoch: epochs, ...(top1 !== undefined && { top1 }), loss } },
      answers: [],
    }
  }
  const epoch = bestEpoch(history, 'val_loss')
  const { val_top1: top1, val_loss: loss = Number.NaN }: Logs = history[epoch] ?? {}
  const answers: ImageAnswer[] = []
  const evaluation = await evaluate(model, validation, {
    batchSize,
    onBatch: (batch) => void answers.push(...imageAnswers(batch)),
  })
  const outcome = {
    ...base,
    best: { epoch: epoch + 1, ...(top1 !== undefined && { top1 }), loss },
    validation: {
      ...evaluation,
      ...(validation.targets
        ? { macroF1: meanF1(evaluation) }
        : {
            macroF1: macroF1(evaluation.confusion),
            top1Interval: wilsonInterval(correctOf(evaluation), evaluation.images),
          }),
    },
  }
  return { outcome, answers }
}

/** The lines at the end of a run. */
export function printOutcome(
  { run, best, stopped, validation }: Outcome,
  { classes }: Model,
  report: Report,
): void {
  if (stopped !== undefined) {
    const restored = validation ? `; epoch ${best.epoch}'s weights restored (--patience)` : ''
    report.line('Stopped', `${stopped}${restored}`)
  }
  if (validation) {
    report.line('Best', `epoch ${best.epoch}: ${measured(validation)}`)
    const confused = mostConfused(validation.confusion, classes)
    if (confused.length > 0)
      report.line('Confused', `${confused.join(', ')}; worst images in ${join(run, 'report.html')}`)
  }
  report.line('Next', `convkit predict ${run} photo.jpg`)
}

function measured(validation: NonNullable<Outcome['validation']>): string {
  const { metrics, macroF1, images } = validation
  const number = (name: string) => (metrics[name] ?? Number.NaN).toFixed(2)
  return 'meanAveragePrecision' in metrics
    ? `mAP ${number('meanAveragePrecision')}, micro F1 ${number('microF1')}, all labels right ${number('subsetAccuracy')}, macro F1 ${macroF1.toFixed(2)}`
    : `${describeShare('top-1', correctOf(validation), images)}, macro F1 ${macroF1.toFixed(2)}`
}

/** `fox→dog 3`: the label, what it was taken for, and how often; the three most frequent. */
function mostConfused(confusion: Evaluation['confusion'], classes: readonly string[]): string[] {
  return confusedPairs({ confusion, classes }, 3).map(
    ({ label, predicted, images }) => `${label}→${predicted} ${images}`,
  )
}

const meanF1 = ({ perClass }: Evaluation) => perClass.reduce((sum, { f1 }) => sum + f1, 0) / perClass.length

function correctOf({ confusion }: Evaluation): number {
  return confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0)
}
