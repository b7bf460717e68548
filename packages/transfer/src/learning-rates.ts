import { ConvkitError, type Model } from '@convkit/core'
import { freezeUpTo, isWithin, matcherOf, pathOf } from './freeze.js'

/** What the learning rate of a parameter, by name, is multiplied by. */
export type LearningRates = (name: string) => number

/**
 * Earlier stages learn more slowly: by `decay` for each stage between them and the head, which learns at the full rate
 * (Howard and Ruder 2018, discriminative fine-tuning).
 *
 * @throws E_OPTION unless decay is in (0, 1].
 */
export function decayByDepth(model: Pick<Model, 'name' | 'trace' | 'variant'>, decay: number): LearningRates {
  if (!(decay > 0 && decay <= 1)) {
    throw new ConvkitError('E_OPTION', `decayByDepth: decay must be in (0, 1], got ${decay}`)
  }
  const stages = [...model.trace({ batchSize: 2, mode: 'train' }).features.keys()]
  const upTo = stages.map((stage) => freezeUpTo(model, stage))
  const { classifier } = model.variant.architecture
  return (name) => {
    const path = pathOf(name)
    if (isWithin(path, classifier)) return 1
    const depth = upTo.findIndex((isBelow) => isBelow(path))
    return depth < 0 ? decay : decay ** (stages.length - depth)
  }
}

/** Multipliers by pattern, as those of `freezeNamed`; the first one that matches counts, else 1. */
export function learningRatesNamed(multipliers: Readonly<Record<string, number>>): LearningRates {
  const rules = Object.entries(multipliers).map(([pattern, value]) => [matcherOf(pattern), value] as const)
  return (name) => rules.find(([matches]) => matches(pathOf(name)))?.[1] ?? 1
}
