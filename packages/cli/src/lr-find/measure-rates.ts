import { type FindLearningRateOptions, findLearningRate, type LearningRateCurve } from '@convkit/transfer'
import type { Report } from '../shared/report.js'
import type { TrainConfig } from '../train/config.js'
import { recipeOf } from '../train/recipe.js'
import type { Run } from '../train/run.js'
import { runPhases } from '../train/strategy.js'

/** The learning-rate range test of a run: with its optimizer, its loss, and what it freezes. The weights stay as they were. */
export async function measureRates(
  config: TrainConfig,
  { model, data, augmentation }: Pick<Run, 'model' | 'data' | 'augmentation'>,
  report: Report,
  { steps = 100, ...range }: Pick<FindLearningRateOptions, 'steps' | 'from' | 'to'> = {},
): Promise<LearningRateCurve> {
  const { epochs: _, schedule: __, ...recipe } = recipeOf(config, data.train)
  const signal = new AbortController().signal
  const phases = await runPhases(config, model, { ...data, validation: undefined }, augmentation, {
    report,
    signal,
  })
  const curve = await findLearningRate(model, data.train, {
    ...recipe,
    ...range,
    steps,
    ...(phases && { phases }),
    ...(augmentation && { augment: augmentation }),
    onStep({ learningRate, loss }, step) {
      if (!report.quiet) {
        report.terminal.live(
          `Step ${step}/${steps} lr ${learningRate.toExponential(1)} loss ${loss.toFixed(3)}`,
        )
      }
    },
  })
  report.terminal.clear()
  return curve
}
