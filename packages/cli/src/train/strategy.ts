import { type Augmentation, ConvkitError, type Model } from '@convkit/core'
import type { TrainingPhase } from '@convkit/train'
import {
  autoStrategy,
  freezeNamed,
  freezeUpTo,
  prepare,
  type StrategyChoice,
  type StrategyName,
  strategyPhases,
  withCachedFeatures,
} from '@convkit/transfer'
import type { Report } from '../shared/report.js'
import { table } from '../shared/text.js'
import { defaultAugment } from './augment.js'
import type { TrainConfig } from './config.js'
import type { RunData } from './data.js'

/** A run's network and config once a strategy has been chosen. */
export interface Chosen {
  readonly model: Model
  readonly config: TrainConfig
}

/**
 * Makes the network ready for the strategy that was asked for; `auto` measures and chooses one, and says from what.
 *
 * @throws E_OPTION without pretrained weights, or with layers frozen besides.
 */
export async function applyStrategy(
  config: TrainConfig,
  model: Model,
  data: RunData,
  report: Report,
): Promise<Chosen> {
  const { strategy, freeze, seed, batchSize } = config
  const { train } = data
  if (strategy === undefined) return { model, config }
  if (freeze !== undefined) {
    throw new ConvkitError('E_OPTION', `--strategy says what is frozen: leave --freeze ${freeze} out`)
  }
  if (!model.pretrained) {
    throw new ConvkitError(
      'E_OPTION',
      `--strategy ${strategy} uses pretrained weights: name them with --weights`,
    )
  }
  // Features are computed ahead: of images as they are, and of their mirror images where photos are changed at all.
  const augment = config.augment ?? (defaultAugment(data) === 'none' ? 'none' : 'mirror')
  const mirror = augment === 'mirror'
  const options = { seed, batchSize, mirror, onProgress: progressOf('Measuring stages', report) }
  const choice = strategy === 'auto' ? await autoStrategy(model, train, options) : undefined
  const prepared = choice ?? (await prepare(strategy as StrategyName, model, train, options))
  report.terminal.clear()
  if (choice) printChoice(choice, report)
  else report.line('Strategy', strategy)
  await model.dispose()
  return {
    model: prepared.model,
    config: {
      ...config,
      strategy: prepared.strategy,
      lr: config.lr ?? prepared.learningRate,
      augment,
    },
  }
}

/** What is frozen in a run's epochs, with the features of it where they are the same in every epoch. */
export async function runPhases(
  config: TrainConfig,
  model: Model,
  { train, validation }: RunData,
  augmentation: Augmentation | undefined,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): Promise<readonly TrainingPhase[] | undefined> {
  const phases = phasesOf(config, model)
  const mirror = config.augment === 'mirror'
  if (!phases || (augmentation && !mirror)) return phases
  const { batchSize } = config
  const onProgress = progressOf('Computing features', report)
  try {
    return await withCachedFeatures(
      model,
      phases,
      { train, validation },
      { batchSize, mirror, onProgress, signal },
    )
  } catch (error) {
    // The training itself ends, and saves, as it does after any step.
    if (signal.aborted && error === signal.reason) return phases
    throw error
  } finally {
    report.terminal.clear()
  }
}

function phasesOf({ strategy, freeze }: TrainConfig, model: Model): TrainingPhase[] | undefined {
  if (strategy !== undefined && strategy !== 'auto') return strategyPhases(strategy, model)
  if (freeze === undefined) return undefined
  const isStage = model.trace({ batchSize: 1, mode: 'infer' }).features.has(freeze)
  const isFrozen = isStage ? freezeUpTo(model, freeze) : freezeNamed(model, freeze.split(','))
  return [{ from: 0, isFrozen }]
}

function printChoice({ strategy, reason, measures }: StrategyChoice, report: Report): void {
  if (report.quiet) return
  const rows = measures.scores.map(({ stages, width, top1, loss }) => [
    stages.length > 2 ? `${stages[0]} … ${stages.at(-1)}` : stages.join(' + '),
    String(width),
    top1.toFixed(3),
    loss.toFixed(3),
  ])
  const lines = table([['features of', 'width', 'top-1', 'loss'], ...rows]).split('\n')
  report.line('Measured', 'linear probes, by cross-validation on the training images')
  for (const line of lines) report.line('', line)
  report.line('Strategy', `${strategy}: ${reason}; another one with --strategy`)
}

function progressOf(what: string, { quiet, terminal }: Report) {
  return ({ done, total }: { readonly done: number; readonly total: number }) => {
    if (!quiet) terminal.live(`${what} ${done}/${total}`)
  }
}
