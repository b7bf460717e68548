import { ConvkitError, type Dataset, type Trace } from '@convkit/core'
import { requireNonNegative, requireOption } from './require-option.js'

/** What a frozen part of the network made of images that are the same in every epoch. */
export interface CachedInputs {
  /** The training set; its batches have `features`. */
  readonly train: Dataset
  readonly validation?: Dataset | undefined
  /** The rest of the network, whose `image` is a batch's features. */
  cut(trace: Trace): Trace
}

/** Epochs in which the same layers are frozen. */
export interface TrainingPhase {
  /** Its first epoch, from 0. */
  readonly from: number
  /** Which layers, by path (`layer1.0.conv1`), are not trained; none by default. */
  readonly isFrozen?: ((path: string) => boolean) | undefined
  /** What the learning rate of a parameter (`layer1.0.conv1.weight`) is multiplied by; 1 by default. */
  readonly learningRateOf?: ((name: string) => number) | undefined
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
export function phasesOf(options: {
  readonly phases?: readonly TrainingPhase[] | undefined
  readonly isFrozen?: TrainingPhase['isFrozen']
  readonly learningRateOf?: TrainingPhase['learningRateOf']
}): readonly TrainingPhase[] {
  const { phases, isFrozen, learningRateOf } = options
  if (phases && (isFrozen || learningRateOf)) {
    throw new ConvkitError(
      'E_OPTION',
      'phases say what is frozen and how fast it learns: leave isFrozen and learningRateOf out',
    )
  }
  return phases ?? [{ from: 0, isFrozen, learningRateOf }]
}
