import { type Callback, ConvkitError, type Logs, type TrainingProgress } from '@convkit/core'
import type { TrainingPlan } from './fit-options.js'
import { type RunningMetrics, runningMetrics } from './running-metrics.js'

/** Where a training is: all that a step changes on the host. */
export interface Progress {
  /** Epochs finished. */
  epoch: number
  /** Steps finished in the epoch under way. */
  step: number
  /** Steps finished in all. */
  globalStep: number
  /** Sums of the epoch under way. */
  running: RunningMetrics
  /** The last evaluation in the epoch under way, and the step it was made after. */
  validation: { readonly globalStep: number; readonly logs: Logs } | undefined
  /** Logs of the finished epochs. */
  readonly history: Logs[]
}

/** The beginning, or where a snapshot was taken. @throws E_RESUME when the snapshot is of another training. */
export function startProgress(plan: TrainingPlan): Progress {
  const { metrics, model, resume } = plan
  const running = runningMetrics(metrics, model.classes.length)
  const progress: Progress = {
    epoch: 0,
    step: 0,
    globalStep: 0,
    running,
    validation: undefined,
    history: [],
  }
  if (resume) restoreProgress(progress, resume.progress, plan)
  return progress
}

/** Moves to where a snapshot was taken. @throws E_RESUME when it is of another training. */
export function restoreProgress(
  progress: Progress,
  saved: TrainingProgress,
  { model, metrics, stepsPerEpoch }: TrainingPlan,
): void {
  const { epoch, step, globalStep, history, metrics: sums } = saved
  if (step > stepsPerEpoch || history.length !== epoch) {
    throw new ConvkitError(
      'E_RESUME',
      `The snapshot is at step ${step} of epoch ${epoch + 1} with ${history.length} epochs logged, but an epoch of this training has ${stepsPerEpoch} steps; resume with the same data and batch size`,
    )
  }
  if (!isSavedSums(sums))
    throw new ConvkitError(
      'E_RESUME',
      'The snapshot has no sums of the epoch under way; take another checkpoint',
    )
  const running = runningMetrics(metrics, model.classes.length)
  running.load(sums.running)
  Object.assign(progress, { epoch, step, globalStep, running, validation: sums.validation })
  progress.history.splice(0, progress.history.length, ...history)
}

/** Moves on to the next epoch's beginning. */
export function finishEpoch(progress: Progress, { metrics, model }: TrainingPlan, logs: Logs): void {
  progress.history.push(logs)
  progress.epoch++
  progress.step = 0
  progress.running = runningMetrics(metrics, model.classes.length)
  progress.validation = undefined
}

/** A copy as plain JSON, with what callbacks keep; {@link startProgress} takes it back. */
export function saveProgress(
  { epoch, step, globalStep, running, validation, history }: Progress,
  callbacks: readonly Callback[],
): TrainingProgress {
  const kept = callbacks.flatMap((callback) =>
    callback.save ? [[callback.name, callback.save()] as const] : [],
  )
  const metrics = { running: running.save(), ...(validation && { validation }) }
  return structuredClone({ epoch, step, globalStep, metrics, history, callbacks: Object.fromEntries(kept) })
}

/** What {@link saveProgress} puts into a snapshot's `metrics`. */
interface SavedSums {
  readonly running: Readonly<Record<string, unknown>>
  readonly validation?: Progress['validation']
}

function isSavedSums(sums: TrainingProgress['metrics']): sums is TrainingProgress['metrics'] & SavedSums {
  return typeof sums.running === 'object' && sums.running !== null
}
