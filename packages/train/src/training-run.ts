import type { Callback, TrainingContext, TrainingControl } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import type { TrainingPlan } from './fit-options.js'
import { type Progress, restoreProgress, saveProgress, startProgress } from './progress.js'
import { restoreSession } from './restore-session.js'
import { readEvaluated, type WeightsSession, writeWeights } from './session-weights.js'

/** A loaded training program. */
export interface LoadedTraining extends WeightsSession {
  /** State that a snapshot holds besides what is evaluated. */
  readonly kept: readonly string[]
  /** Of each phase. */
  readonly masks: readonly ReadonlyMap<string, SymbolicTensor>[]
}

/** A training under way: what its steps, evaluations and epochs share. */
export interface TrainingRun extends LoadedTraining {
  readonly plan: TrainingPlan
  readonly progress: Progress
  readonly control: TrainingControl
  readonly context: TrainingContext
  /** Calls a hook of every callback, one after the other. */
  each(hook: (callback: Callback, context: TrainingContext) => void | Promise<void>): Promise<void>
  /**
   * Carries out what the last hook, or the signal, asked for, when all callbacks have had that hook: so a snapshot
   * taken in `onSave` is of a moment that every callback has seen. False when training ends here, or goes on elsewhere.
   */
  settle(): Promise<boolean>
  /** Whether a hook has gone back to a snapshot since training last settled. */
  hasMoved(): boolean
}

/** A run at its beginning, or where a snapshot was taken. @throws E_RESUME when the snapshot does not fit. */
export function startRun(plan: TrainingPlan, loaded: LoadedTraining): TrainingRun {
  const { model, callbacks, signal, epochs } = plan
  const { session, kept } = loaded
  const progress = startProgress(plan)
  const control: TrainingControl = { stop: false, save: false, evaluate: false }
  let moved = false
  const context: TrainingContext = {
    model,
    train: plan.train,
    validation: plan.validation,
    epochs,
    stepsPerEpoch: plan.stepsPerEpoch,
    batchSize: plan.batchSize,
    seed: plan.seed,
    control,
    history: progress.history,
    weights: () => readEvaluated(loaded, model.weights),
    setWeights: (weights) => writeWeights(loaded, weights),
    snapshot: async () => ({
      model: await context.weights(),
      optimizer: await session.read(kept),
      progress: saveProgress(progress, callbacks),
    }),
    restore: async (snapshot) => {
      await restoreSession(loaded, snapshot)
      restoreProgress(progress, snapshot.progress, plan)
      moved = true
    },
  }
  const each: TrainingRun['each'] = async (hook) => {
    for (const callback of callbacks) await hook(callback, context)
  }
  const settle = async () => {
    if (signal?.aborted && control.stop === false && progress.epoch < epochs) {
      control.stop = 'aborted'
      control.save = true
    }
    if (control.save) {
      control.save = false
      await each((callback) => callback.onSave?.(context))
    }
    const goesOnHere = control.stop === false && !moved
    moved = false
    return goesOnHere
  }
  return { ...loaded, plan, progress, control, context, each, settle, hasMoved: () => moved }
}
