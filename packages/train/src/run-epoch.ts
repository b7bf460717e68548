import { ConvkitError, type Logs } from '@convkit/core'
import type { TrainingPlan } from './fit-options.js'
import { learningRateAt, positionOf } from './learning-rate.js'
import { phaseAt } from './phases.js'
import { finishEpoch } from './progress.js'
import { runStep } from './run-step.js'
import type { TrainingRun } from './training-run.js'
import { validate } from './validate.js'

/**
 * Runs an epoch, or what is left of it after a resume, with the callbacks' hooks in Keras's order. It stays
 * unfinished when training ends in it.
 */
export async function runEpoch(run: TrainingRun): Promise<void> {
  const { plan, progress, each, settle } = run
  const { epoch } = progress
  const started = performance.now()
  await each((callback, context) => callback.onEpochBegin?.(epoch, context))
  if (!(await settle())) return
  const speed = await runSteps(run)
  if (!speed) return
  if (progress.running.images === 0) throw nothingReadable(plan)
  const due = (epoch + 1) % plan.evaluateEvery === 0 || epoch + 1 === plan.epochs
  if (due && !(await validate(run))) {
    await settle()
    return
  }
  const logs: Logs = {
    ...progress.running.logs(),
    ...progress.validation?.logs,
    lr: learningRateAt(run, positionOf(run, epoch, Math.max(0, progress.step - 1))),
    ...speed,
    seconds: (performance.now() - started) / 1000,
  }
  finishEpoch(progress, plan, logs)
  await each((callback, context) => callback.onEpochEnd?.(epoch, logs, context))
  await settle()
}

/** Runs the epoch's remaining steps; undefined when training ends among them, or goes on elsewhere. */
async function runSteps(run: TrainingRun): Promise<{ imagesPerSecond: number } | undefined> {
  const { plan, progress, control, each, settle } = run
  const { epoch, running } = progress
  const imagesBefore = running.images
  let busy = 0
  const timed = async <T>(work: Promise<T>): Promise<T> => {
    const started = performance.now()
    const result = await work
    busy += performance.now() - started
    return result
  }
  const batches = remainingBatches(run)[Symbol.asyncIterator]()
  try {
    while (progress.step < plan.stepsPerEpoch) {
      const { value: first, done } = await timed(batches.next())
      // Images that could not be read leave fewer batches than planned.
      if (done) break
      const { step } = progress
      const position = positionOf(run, epoch, step)
      const lr = learningRateAt(run, position)
      await each((callback, context) => callback.onBatchBegin?.(step, context))
      const batchLoss = await timed(runStep(run, first, batches, { learningRate: lr, position }))
      progress.step++
      progress.globalStep++
      const logs = { ...running.logs(), batchLoss, lr }
      await each((callback, context) => callback.onBatchEnd?.(step, logs, context))
      if (control.evaluate) await validate(run)
      if (!(await settle())) return undefined
    }
  } finally {
    await batches.return?.()
  }
  return { imagesPerSecond: busy > 0 ? ((running.images - imagesBefore) / busy) * 1000 : 0 }
}

function remainingBatches({ plan, progress }: TrainingRun) {
  const { train, model, batchSize, accumulate, seed, augment } = plan
  const { epoch } = progress
  const { cached } = phaseAt(plan.phases, epoch).phase
  return (cached?.train ?? train).batches({
    batchSize,
    preprocessing: model.preprocessing,
    shuffle: { seed, epoch },
    ...(augment && !cached && { augment: { augmentation: augment, seed, epoch } }),
    skip: progress.step * accumulate,
    dropLast: true,
    onUnreadable: 'skip',
  })
}

function nothingReadable({ train }: TrainingPlan): ConvkitError {
  const [first] = train.unreadable
  const example = first ? `, such as ${first.path}, which ${first.reason}` : ''
  return new ConvkitError(
    'E_DATASET',
    `No batch of images could be read (${train.unreadable.length} are unreadable${example}); check the training set`,
  )
}
