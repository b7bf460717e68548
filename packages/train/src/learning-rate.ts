import type { SchedulePosition } from '@convkit/core'
import type { TrainingRun } from './training-run.js'

/** Where a step of an epoch is in the whole training. */
export function positionOf(
  { plan: { epochs, stepsPerEpoch } }: Pick<TrainingRun, 'plan'>,
  epoch: number,
  step: number,
): SchedulePosition {
  return { step: epoch * stepsPerEpoch + step, steps: epochs * stepsPerEpoch, stepsPerEpoch }
}

/** The optimizer's rate, times the schedule, times what callbacks have it multiplied by. */
export function learningRateAt({ plan, progress }: TrainingRun, position: SchedulePosition): number {
  const { optimizer, schedule, callbacks } = plan
  const factors = callbacks.map((callback) => callback.learningRateFactor?.(position, progress.history) ?? 1)
  return factors.reduce((rate, factor) => rate * factor, optimizer.learningRate * schedule(position))
}
