import type { Callback, EvaluatedImages, TrainingContext } from '@convkit/core'
import { writeFileAtomically } from '@convkit/core/node'
import { bestEpoch, defaultMonitor, historyUpTo, type MonitorOptions } from './monitor.js'

export interface BestEvaluationOptions<Result> extends MonitorOptions {
  /** A JSON file that holds the best epoch's result. */
  readonly file?: string
  /** Called with it when an epoch is the best so far. */
  readonly onResult?: (result: Result) => void | Promise<void>
}

/** What of an evaluation is kept. */
export interface EvaluationCollector<Result> {
  begin(context: TrainingContext): void
  add(images: EvaluatedImages, context: TrainingContext): void
  /** `epoch` counts from 1. */
  result(epoch: number, context: TrainingContext): Result
}

/** A callback that collects something of each evaluation on the validation set, and keeps that of the best epoch. */
export function bestEvaluation<Result>(
  name: string,
  { file, onResult, monitor, mode }: BestEvaluationOptions<Result>,
  collector: EvaluationCollector<Result>,
): Callback {
  let evaluated = false
  return {
    name,
    onEpochBegin() {
      evaluated = false
    },
    onEvaluateBegin(context) {
      collector.begin(context)
      evaluated = true
    },
    onEvaluateBatch(images, context) {
      collector.add(images, context)
    },
    async onEpochEnd(epoch, logs, context) {
      const history = historyUpTo(epoch, logs, context.history)
      if (!evaluated || bestEpoch(history, monitor ?? defaultMonitor(logs), mode) !== epoch) return
      const result = collector.result(epoch + 1, context)
      if (file !== undefined) await writeFileAtomically(file, `${JSON.stringify(result, null, 2)}\n`)
      await onResult?.(result)
    },
  }
}
