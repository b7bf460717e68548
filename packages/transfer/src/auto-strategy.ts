import type { Dataset, Model } from '@convkit/core'
import { type FeatureScore, measureStages, type StageMeasures } from './measure-stages.js'
import { lastFeatures } from './stage-features.js'
import {
  featuresFor,
  type PreparedStrategy,
  prepare,
  type StrategyName,
  type StrategyOptions,
} from './strategies.js'

/** What a strategy was chosen by. */
export interface StrategyChoice {
  readonly strategy: StrategyName
  /** In a sentence. */
  readonly reason: string
  readonly measures: StageMeasures
}

/** From how many images of a class on there is much data. */
export const muchData = 100

/**
 * Chooses a strategy by what was measured. Tasks are alike where the network's last features are as good as any other, up to
 * one standard error of the cross-validation.
 */
export function chooseStrategy(measures: StageMeasures): StrategyChoice {
  const { imagesPerClass, scores } = measures
  const last = scores.find(({ stages }) => stages[0] === lastFeatures) as FeatureScore
  const best = featuresFor('shallow-features', measures)
  const images = measures.features.labels.length
  const error = Math.sqrt((best.top1 * (1 - best.top1)) / Math.max(1, images))
  const isAlike = last.top1 >= best.top1 - error
  const isMuch = imagesPerClass >= muchData
  const strategy = choices[isMuch ? 'much' : 'little'][isAlike ? 'alike' : 'unlike']
  const reason = [
    `${Math.round(imagesPerClass)} images a class are ${isMuch ? 'much' : 'little'} data (much from ${muchData} on)`,
    isAlike
      ? `the task is similar: no features are better than the last by more than a standard error (${percent(best.top1)} and ${percent(last.top1)})`
      : `the task is unlike: ${best.stages.join(' + ')} reach ${percent(best.top1)}, the last features ${percent(last.top1)}`,
  ].join('; ')
  return { strategy, reason, measures }
}

const choices = {
  little: { alike: 'feature-extraction', unlike: 'shallow-features' },
  much: { alike: 'fine-tune-top', unlike: 'fine-tune-all' },
} as const

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** Measures, chooses, and makes the network ready. */
export async function autoStrategy(
  model: Model,
  train: Dataset,
  options: StrategyOptions = {},
): Promise<PreparedStrategy & StrategyChoice> {
  const measures = options.measures ?? (await measureStages(model, train, options))
  const choice = chooseStrategy(measures)
  return { ...(await prepare(choice.strategy, model, train, { ...options, measures })), ...choice }
}
