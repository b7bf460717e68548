import { ConvkitError, type Dataset, type HeadOptions, type Model, stagesOf } from '@convkit/core'
import type { TrainingPhase } from '@convkit/train'
import { replaceHead, setHead } from './head.js'
import { bestStage, isAlike, isLast, lastStage } from './likeness.js'
import { linearProbe } from './linear-probe.js'
import {
  type FeatureScore,
  type MeasureOptions,
  measureStages,
  type StageMeasures,
} from './measure-stages.js'
import { lastFeatures, sideBySide, stacked } from './stage-features.js'
import { type Thaw, thaw } from './thaw.js'

/** The four ways to use a pretrained network, by how much data there is and how alike the tasks are. */
export const strategyNames = [
  'feature-extraction',
  'fine-tune-top',
  'fine-tune-all',
  'shallow-features',
] as const
export type StrategyName = (typeof strategyNames)[number]

/** A network that is ready to be trained by a strategy. */
export interface PreparedStrategy {
  readonly strategy: StrategyName
  /** With a head that begins as the best linear classifier of its features. */
  readonly model: Model
  readonly head: HeadOptions | undefined
  /** For `fit`; {@link withCachedFeatures} keeps the features of what is frozen. */
  readonly phases: TrainingPhase[]
  /** What suits AdamW. */
  readonly learningRate: number
  readonly measures: StageMeasures
}

export interface StrategyOptions extends MeasureOptions {
  /** What was measured already. */
  readonly measures?: StageMeasures
}

export type Strategy = (model: Model, train: Dataset, options?: StrategyOptions) => Promise<PreparedStrategy>

/** For little data of a similar task: the network's own features, and a new head alone is trained. */
export const featureExtraction: Strategy = (model, train, options) =>
  prepare('feature-extraction', model, train, options)

/** For much data of a similar task: the last stage that the head sees learns with it. */
export const fineTuneTop: Strategy = (model, train, options) =>
  prepare('fine-tune-top', model, train, options)

/** For much data of an unlike task: the whole network learns, earlier stages more slowly. */
export const fineTuneAll: Strategy = (model, train, options) =>
  prepare('fine-tune-all', model, train, options)

/** For little data of an unlike task: features of earlier stages, which later ones have not bent to another task yet. */
export const shallowFeatures: Strategy = (model, train, options) =>
  prepare('shallow-features', model, train, options)

interface Recipe {
  readonly learningRate: number
  /** For an unlike task, from which the weights are further away; the same by default. */
  readonly unlikeLearningRate?: number
  thaw(model: Model): Thaw
}

/** What each strategy trains, and how fast: a head that is the best one already stays near to it. */
const recipes: Readonly<Record<StrategyName, Recipe>> = {
  'feature-extraction': { learningRate: 1e-5, thaw: () => ({ epoch: 0, frozen: 'body' }) },
  'shallow-features': { learningRate: 1e-5, thaw: () => ({ epoch: 0, frozen: 'body' }) },
  'fine-tune-top': {
    learningRate: 3e-4,
    unlikeLearningRate: 1e-3,
    thaw: (model) => ({ epoch: 0, frozen: { upTo: stageBeforeLast(model) } }),
  },
  'fine-tune-all': {
    learningRate: 3e-4,
    thaw: () => ({ epoch: 0, frozen: 'nothing', learningRates: { decay: 0.8 } }),
  },
}

/** Makes a network ready for a strategy by name. */
export async function prepare(
  strategy: StrategyName,
  model: Model,
  train: Dataset,
  options: StrategyOptions = {},
): Promise<PreparedStrategy> {
  const measures = options.measures ?? (await measureStages(model, train, options))
  const { stages, l2 } = featuresFor(strategy, measures)
  const head = stages[0] === lastFeatures ? undefined : { stages }
  const { features } = measures
  const known = stacked(
    sideBySide(features, stages),
    features.mirrored && sideBySide(features.mirrored, stages),
  )
  const probe = await linearProbe(model.engine, known, {
    classes: train.classes.length,
    l2,
  })
  const { learningRate, unlikeLearningRate = learningRate } = recipes[strategy]
  const headed = await replaceHead(model, head ?? {})
  setHead(headed, probe)
  return {
    strategy,
    model: headed,
    head: headed.variant.architecture.head,
    phases: strategyPhases(strategy, headed),
    learningRate: isAlike(measures) ? learningRate : unlikeLearningRate,
    measures,
  }
}

/** What a strategy freezes in a network that was made ready for it, and how fast the rest learns. */
export function strategyPhases(strategy: StrategyName, model: Model): TrainingPhase[] {
  return thaw(model, [recipes[strategy].thaw(model)])
}

/**
 * The features that a strategy's head sees: the network's own, those of any stages, or, where the network learns with it, those
 * that end at the network's own or at a better stage. What comes after that stage has bent to another task, and is left out.
 */
export function featuresFor(strategy: StrategyName, measures: StageMeasures): FeatureScore {
  const [first, ...others] = measures.scores.filter(eligible[strategy](measures))
  if (!first)
    throw new ConvkitError('E_OPTION', `${strategy} needs a network with stages, and none was measured`)
  return others.reduce((best, each) => (each.loss < best.loss ? each : best), first)
}

type Eligible = (measures: StageMeasures) => (score: FeatureScore) => boolean

const endsLast: Eligible = (measures) => {
  const { stages } = bestStage(measures)
  const end = isAlike(measures) ? lastStage(measures) : stages.at(-1)
  return (score) => score.stages.at(-1) === end || (isLast(score) && isAlike(measures))
}

const eligible: Readonly<Record<StrategyName, Eligible>> = {
  'feature-extraction': () => isLast,
  'shallow-features': () => (score) => !isLast(score),
  'fine-tune-top': endsLast,
  'fine-tune-all': endsLast,
}

/** The stage after which the last change of a map's size, and what follows, begin. */
function stageBeforeLast(model: Model): string {
  const stages = stagesOf(model)
  const before = stages.at(-2) ?? stages.at(-1)
  if (before) return before.name
  throw new ConvkitError('E_OPTION', `${model.name} names no stages: use feature-extraction or fine-tune-all`)
}
