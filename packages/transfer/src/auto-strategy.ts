import type { Dataset, Model } from '@convkit/core'
import { type FeatureScore, measureStages, type StageMeasures } from './measure-stages.js'
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
 * Chooses a strategy by what was measured. With much data, the network learns with its head: its last stage where the task is
 * similar, which is where no single stage tells classes apart better than the last features by more than a standard error, else
 * all of it. With little data it stays as it is, and the head sees the features that were best.
 */
export function chooseStrategy(measures: StageMeasures): StrategyChoice {
  const { imagesPerClass, features } = measures
  const last = featuresFor('feature-extraction', measures)
  const amount = `${Math.round(imagesPerClass)} images a class are ${imagesPerClass >= muchData ? 'much' : 'little'} data (much from ${muchData} on)`
  if (imagesPerClass < muchData) {
    const best = featuresFor('shallow-features', measures)
    const strategy = best.loss < last.loss ? 'shallow-features' : 'feature-extraction'
    return { strategy, reason: `${amount}; ${compared(best, last)}`, measures }
  }
  const best = bestStage(measures)
  const error = Math.sqrt((best.top1 * (1 - best.top1)) / features.labels.length)
  const isAlike = last.top1 >= best.top1 - error
  const likeness = isAlike ? 'the task is similar' : 'the task is unlike'
  const strategy = isAlike ? 'fine-tune-top' : 'fine-tune-all'
  return { strategy, reason: `${amount}; ${likeness}: ${compared(best, last)}`, measures }
}

/** The best of single stages, by the share of images labelled rightly. */
function bestStage({ scores }: StageMeasures): FeatureScore {
  const single = scores.filter(({ stages }) => stages.length === 1)
  return single.reduce((best, each) => (each.top1 > best.top1 ? each : best))
}

const compared = (best: FeatureScore, last: FeatureScore) =>
  best === last
    ? `no stage tells classes apart better than the last features (${percent(last.top1)})`
    : `${best.stages.join(' + ')} reach ${percent(best.top1)} (loss ${best.loss.toFixed(3)}), the last features ${percent(last.top1)} (${last.loss.toFixed(3)})`

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
