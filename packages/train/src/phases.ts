import {
  type Callback,
  ConvkitError,
  type Dataset,
  type FreezingPhase,
  type Model,
  type Trace,
} from '@convkit/core'
import { requireNonNegative, requireOption } from './require-option.js'

/** What a frozen part of the network made of images that are the same in every epoch. */
export interface CachedInputs {
  /** The training set; its batches have `features`. */
  readonly train: Dataset
  readonly validation?: Dataset | undefined
  /** The rest of the network, whose `image` is a batch's features. */
  cut(trace: Trace): Trace
}

/** Epochs in which the same layers are frozen, and what they make of images where it is known already. */
export interface TrainingPhase extends FreezingPhase {
  /** Takes the place of images; augmentation is left out then. */
  readonly cached?: CachedInputs | undefined
}

/** The phase of an epoch, and its number from 0. */
export function phaseAt(phases: readonly TrainingPhase[], epoch: number) {
  const index = phases.findLastIndex(({ from }) => from <= epoch)
  return { phase: phases[index] as TrainingPhase, index }
}

/** What a phase calls its signature of a training program. */
export function phaseSignature(name: string, index: number): string {
  return index === 0 ? name : `${name}_${index}`
}

/** @throws E_OPTION unless they begin at epoch 0 and follow one another. */
export function checkPhases(phases: readonly TrainingPhase[]): void {
  const starts = phases.map(({ from }) => from)
  const areInOrder = starts[0] === 0 && starts.every((from, i) => i === 0 || from > (starts[i - 1] as number))
  requireOption(areInOrder && starts.every(Number.isInteger), 'phases', 'from epoch 0 on, in order', starts)
}

/** A multiplier that is checked. @throws E_OPTION when it is negative. */
export function learningRateOf({ learningRateOf: rate }: TrainingPhase): (name: string) => number {
  return (name) => {
    const value = rate?.(name) ?? 1
    requireNonNegative(`the learning rate's multiplier of ${name}`, value)
    return value
  }
}

/** @throws E_OPTION when layers are frozen in two ways. */
export function phasesOf(
  model: Model,
  options: {
    readonly phases?: readonly TrainingPhase[] | undefined
    readonly isFrozen?: TrainingPhase['isFrozen']
    readonly learningRateOf?: TrainingPhase['learningRateOf']
    readonly callbacks?: readonly Callback[]
  },
): readonly TrainingPhase[] {
  const { phases, isFrozen, learningRateOf, callbacks = [] } = options
  const thawing = callbacks.find((callback) => callback.phases)
  const ways = Object.entries({
    phases,
    [`the callback ${thawing?.name}`]: thawing,
    isFrozen,
    learningRateOf,
  })
  const [way, other] = ways.flatMap(([name, value]) => (value ? [name] : []))
  if (other !== undefined && way !== 'isFrozen') {
    throw new ConvkitError(
      'E_OPTION',
      `${way} says what is frozen and how fast the rest learns, and so does ${other}: leave one of them out`,
    )
  }
  return phases ?? thawing?.phases?.(model) ?? [{ from: 0, isFrozen, learningRateOf }]
}
