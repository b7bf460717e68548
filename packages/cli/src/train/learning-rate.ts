import { readFile } from 'node:fs/promises'
import type { LearningRateCurve } from '@convkit/transfer'
import * as v from 'valibot'
import { measureRates } from '../lr-find/measure-rates.js'
import type { Report } from '../shared/report.js'
import type { TrainConfig } from './config.js'
import type { Run } from './run.js'

/** A config whose learning rate is a number, or the default, with the test that gave it, if one did. */
export interface RatedConfig {
  readonly config: TrainConfig
  readonly curve: LearningRateCurve | undefined
}

/** Measures the learning rate of a run with `--lr auto`, and says what it came to. */
export async function withLearningRate(
  config: TrainConfig,
  run: Pick<Run, 'model' | 'data' | 'augmentation'>,
  report: Report,
): Promise<RatedConfig> {
  if (config.lr !== 'auto') return { config, curve: undefined }
  const curve = await measureRates(config, run, report)
  const { points, suggestion } = curve
  const found = suggestion === undefined ? 'the default: the loss never fell' : suggestion.toExponential(1)
  report.line('Rate', `${found}, by ${points.length} steps of growing rates; another one with --lr`)
  return { config: { ...config, lr: suggestion }, curve }
}

const curveSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    points: v.array(v.object({ learningRate: v.number(), loss: v.number(), smoothed: v.number() })),
    suggestion: v.optional(v.number()),
  }),
)

/** The test of a run's `learning-rates.json`; undefined where there was none. */
export async function readRates(file: string): Promise<v.InferOutput<typeof curveSchema> | undefined> {
  const { success, output } = v.safeParse(curveSchema, await readFile(file, 'utf8').catch(() => ''))
  return success ? output : undefined
}
