import type { Callback, Schedule } from '@convkit/core'

export interface LearningRateOptions {
  /** What the learning rate is multiplied by at each step, such as `cosine()` of `@convkit/train`. */
  readonly schedule: Schedule
}

/** A learning-rate schedule as a callback, which multiplies that of `fit`: for schedules of one's own. */
export function learningRate({ schedule }: LearningRateOptions): Callback {
  return { name: 'learningRate', learningRateFactor: schedule }
}
