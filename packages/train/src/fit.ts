import type { Dataset, Logs, Model } from '@convkit/core'
import { type FitOptions, planTraining, type TrainingPlan } from './fit-options.js'
import { restoreSession } from './restore-session.js'
import { runEpoch } from './run-epoch.js'
import { readEvaluated } from './session-weights.js'
import { type TracedPhase, tracePhase } from './trace-phase.js'
import { trainingProgram } from './training-program.js'
import { type LoadedTraining, startRun } from './training-run.js'

export interface FitResult {
  /** Logs of the finished epochs. */
  readonly history: readonly Logs[]
  /** Epochs finished, those before a resume counted. */
  readonly epochs: number
  /** Steps finished, those before a resume counted. */
  readonly steps: number
  /** Of this call. */
  readonly seconds: number
  /** Why training ended early, if it did: what a callback said, or `aborted`. */
  readonly stopped?: string
  /** What was done differently from what was asked for. */
  readonly warnings: readonly string[]
}

/**
 * Trains a model, which holds the trained weights afterwards, averaged where a callback has them averaged, also when
 * training fails or is stopped. An epoch is the training set once, shuffled; a last batch that is not full is left out,
 * unless it is the only one.
 *
 * Logs of an epoch: `loss` and each metric over the images trained on, `val_loss` and `val_…` where it was
 * evaluated, `lr`, `imagesPerSecond`, `seconds`. Those of a step: `loss` and metrics of the epoch so far, the step's
 * own `batchLoss`, `lr`. The validation loss is without label smoothing and class weights.
 *
 * @throws E_OPTION, E_CLASSES, E_DATASET, E_FROZEN, E_RESUME, and whatever a callback throws.
 */
export async function fit(model: Model, train: Dataset, options: FitOptions): Promise<FitResult> {
  const plan = planTraining(model, train, options)
  const started = performance.now()
  const [first, ...laterPhases] = plan.phases.map((phase) => tracePhase(plan, phase))
  const { program, kept, averages } = trainingProgram({
    ...plan,
    ...(first as TracedPhase),
    laterPhases,
    weights: model.weights,
    severalLabels: train.targets !== undefined,
    averages: plan.averaging !== undefined,
  })
  const masks = [first as TracedPhase, ...laterPhases].map((phase) => phase.train.masks)
  const session = await model.engine.load(program)
  const loaded = { session, kept, averages, masks }
  try {
    const end = await runTraining(plan, loaded)
    await handOver(loaded, model)
    return { ...end, seconds: (performance.now() - started) / 1000, warnings: plan.warnings }
  } catch (error) {
    // What failed first is what the caller must learn, even when the session cannot be read any more.
    await handOver(loaded, model).catch(() => undefined)
    throw error
  } finally {
    await session.dispose()
  }
}

async function runTraining(plan: TrainingPlan, loaded: LoadedTraining) {
  const run = startRun(plan, loaded)
  const { progress, control, each, settle } = run
  const { resume, epochs } = plan
  if (resume) await restoreSession(loaded, resume)
  await each((callback, context) => callback.onTrainBegin?.(context))
  await each((callback) => {
    // What a callback has saved replaces what its onTrainBegin set up.
    const saved = resume?.progress.callbacks[callback.name]
    if (saved !== undefined) callback.restore?.(saved)
  })
  await settle()
  while (progress.epoch < epochs && control.stop === false) await runEpoch(run)
  await each((callback, context) => callback.onTrainEnd?.(progress.history.at(-1) ?? {}, context))
  await settle()

  const { history, epoch, globalStep } = progress
  const stopped = control.stop === true ? 'a callback stopped it' : control.stop
  return { history, epochs: epoch, steps: globalStep, ...(stopped !== false && { stopped }) }
}

async function handOver(loaded: LoadedTraining, model: Model): Promise<void> {
  model.setWeights(await readEvaluated(loaded, model.weights))
}
