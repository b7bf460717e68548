import { ConvkitError, type Dataset, type Model } from '@convkit/core'
import type { TrainingPhase } from '@convkit/train'
import { cacheFeatures, type FeatureCacheOptions } from './feature-cache.js'
import {
  type Freezing,
  freezeBatchNorms,
  freezeBody,
  freezeNamed,
  freezeNothing,
  freezeUpTo,
} from './freeze.js'
import { decayByDepth, type LearningRates, learningRatesNamed } from './learning-rates.js'

/** What is frozen from an epoch on, and how fast the rest learns. */
export interface Thaw {
  /** Its first epoch, from 0. */
  readonly epoch: number
  /** All but the head, nothing, all up to a stage, or layers by name; the body by default. */
  readonly frozen?: 'body' | 'nothing' | { readonly upTo: string } | { readonly layers: readonly string[] }
  /** Whether batch-norms stay on the statistics that the weights came with; true by default. */
  readonly freezeNorms?: boolean
  /** Multipliers of the learning rate by pattern (`{ 'layer1': 0.1 }`), or what each stage further from the head loses. */
  readonly learningRates?: Readonly<Record<string, number>> | { readonly decay: number }
  /** Multiplies the learning rate of everything; 1 by default. */
  readonly learningRate?: number
}

/**
 * The phases of a training that thaws a network step by step, for `fit(model, train, { phases })`: with
 * {@link withCachedFeatures}, what is frozen runs once for each image. Without, `unfreeze` is shorter.
 *
 * @throws E_OPTION for unknown stages or layers, or when no step begins at epoch 0.
 */
export function thaw(model: Model, steps: readonly Thaw[]): TrainingPhase[] {
  const phases = steps
    .map((step) => ({
      from: step.epoch,
      isFrozen: freezingOf(model, step),
      learningRateOf: learningRatesOf(model, step),
    }))
    .sort((a, b) => a.from - b.from)
  if (phases[0]?.from !== 0) {
    throw new ConvkitError('E_OPTION', `thaw: a step must begin at epoch 0, got ${phases[0]?.from}`)
  }
  return phases
}

/** The phases with the features of their frozen parts kept, where there is room for them. */
export async function withCachedFeatures(
  model: Model,
  phases: readonly TrainingPhase[],
  data: { readonly train: Dataset; readonly validation?: Dataset | undefined },
  options: FeatureCacheOptions = {},
): Promise<TrainingPhase[]> {
  const [first, ...others] = phases
  if (!first?.isFrozen) return [...phases]
  // What a later phase has frozen may have been trained before.
  return [{ ...first, cached: await cacheFeatures(model, data, first.isFrozen, options) }, ...others]
}

function freezingOf(model: Model, { frozen = 'body', freezeNorms = true }: Thaw): Freezing {
  const own = ownFreezing(model, frozen)
  return freezeNorms ? freezeBatchNorms(model, own) : own
}

function ownFreezing(model: Model, frozen: NonNullable<Thaw['frozen']>): Freezing {
  if (frozen === 'body') return freezeBody(model)
  if (frozen === 'nothing') return freezeNothing
  return 'upTo' in frozen ? freezeUpTo(model, frozen.upTo) : freezeNamed(model, frozen.layers)
}

function learningRatesOf(model: Model, { learningRates, learningRate = 1 }: Thaw): LearningRates {
  if (!learningRates) return () => learningRate
  const rates = isDecay(learningRates)
    ? decayByDepth(model, learningRates.decay)
    : learningRatesNamed(learningRates)
  return (name) => learningRate * rates(name)
}

function isDecay(rates: NonNullable<Thaw['learningRates']>): rates is { readonly decay: number } {
  return Object.keys(rates).length === 1 && 'decay' in rates
}
