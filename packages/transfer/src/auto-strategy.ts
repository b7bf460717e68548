import type { Dataset, Model } from '@convkit/core'
import { bestStage, isAlike } from './likeness.js'
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

/** From how many images of a class on a network learns with its head: some of it for an unlike task, then more and for any task. */
export const someData = 100
export const muchData = 500

/**
 * Chooses a strategy by what was measured: how many images of a class there are, and whether the task is like the one that the
 * network has learnt. A network that fits the task stays as it is until there is much data; one that does not learns its last
 * useful stage with some data, and all of it with much. Where it stays as it is, the head sees the features that were best.
 */
export function chooseStrategy(measures: StageMeasures): StrategyChoice {
  const { imagesPerClass } = measures
  const alike = isAlike(measures)
  const last = featuresFor('feature-extraction', measures)
  const features = featuresFor('shallow-features', measures)
  const headAlone = features.loss < last.loss ? 'shallow-features' : 'feature-extraction'
  const learning = learningStrategy(imagesPerClass, alike)
  const reason = [
    `${Math.round(imagesPerClass)} images a class`,
    `the task is ${alike ? 'similar' : 'unlike'}`,
    compared(learning ? bestStage(measures) : features, last),
  ]
  return { strategy: learning ?? headAlone, reason: reason.join('; '), measures }
}

function learningStrategy(imagesPerClass: number, alike: boolean): StrategyName | undefined {
  if (imagesPerClass >= muchData) return alike ? 'fine-tune-top' : 'fine-tune-all'
  return imagesPerClass >= someData && !alike ? 'fine-tune-top' : undefined
}

const compared = (best: FeatureScore, last: FeatureScore) =>
  best === last || best.loss >= last.loss
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
