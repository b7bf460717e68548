import type { Dataset } from '@convkit/core'
import type { TrainingPlan } from './fit-options.js'
import { learningRateOf, type TrainingPhase } from './phases.js'
import type { ProgramPhase } from './training-program.js'

export type TracedPhase = Required<ProgramPhase>

/** The network of a phase: behind its frozen part, where what that made of the images was kept. */
export function tracePhase({ model, batchSize, augment }: TrainingPlan, phase: TrainingPhase): TracedPhase {
  const { isFrozen, cached } = phase
  const trace = (mode: 'train' | 'infer', cutWhere: Dataset | undefined) => {
    const whole = model.trace({ batchSize, mode, ...(isFrozen && { isFrozen }) })
    return cached && cutWhere ? cached.cut(whole) : whole
  }
  return {
    train: trace('train', cached?.train),
    evaluation: trace('infer', cached?.validation),
    mixes: !cached && augment?.mix !== undefined,
    learningRateOf: learningRateOf(phase),
  }
}
