import { evaluateSession } from './evaluate-session.js'
import { phaseAt, phaseSignature } from './phases.js'
import { validationLogs } from './running-metrics.js'
import type { TrainingRun } from './training-run.js'

/**
 * Evaluates on the validation set, if there is one, unless that was done after this very step; its values join the
 * epoch's logs. False when the signal came in between, or a hook went back to a snapshot.
 */
export async function validate(run: TrainingRun): Promise<boolean> {
  const { plan, session, progress, control, each, context, hasMoved } = run
  const { model, signal } = plan
  const { phase, index } = phaseAt(plan.phases, progress.epoch)
  const validation = phase.cached?.validation ?? plan.validation
  control.evaluate = false
  if (!validation || progress.validation?.globalStep === progress.globalStep) return true
  await each((callback, context) => callback.onEvaluateBegin?.(context))
  try {
    const { logs } = await evaluateSession({
      session,
      signature: phaseSignature('evaluate', index),
      dataset: validation,
      batchSize: plan.batchSize,
      preprocessing: model.preprocessing,
      classes: model.classes.length,
      metrics: plan.metrics,
      onUnreadable: 'skip',
      signal,
      async onBatch(images) {
        for (const callback of plan.callbacks) await callback.onEvaluateBatch?.(images, context)
      },
    })
    progress.validation = { globalStep: progress.globalStep, logs: validationLogs(logs) }
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return false
    throw error
  }
  const { logs } = progress.validation
  await each((callback, context) => callback.onEvaluateEnd?.(logs, context))
  return !hasMoved()
}
