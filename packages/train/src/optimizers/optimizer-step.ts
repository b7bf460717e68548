import { type Feeds, type FloatTensor, floatTensor } from '@convkit/core'
import {
  input,
  multiply,
  type Program,
  type Signature,
  type StateSpec,
  type SymbolicTensor,
  sizeOf,
  state,
} from '@convkit/graph'
import type { Optimizer } from './optimizer.js'

/** Parameters to train, by name. */
export type Parameters = ReadonlyMap<string, SymbolicTensor>

/**
 * An optimizer's rule applied to every parameter: new values, and the inputs that each step feeds. A parameter's
 * learning rate is the step's times its multiplier.
 */
export function optimizerStep(
  optimizer: Optimizer,
  parameters: Parameters,
  gradients: readonly SymbolicTensor[],
  multiplierOf: (name: string) => number = () => 1,
): Pick<Signature, 'inputs' | 'updates'> {
  const learningRate = input('learningRate', [])
  const scalarNames = Object.keys(optimizer.scalars?.(1) ?? {})
  const scalars = Object.fromEntries(scalarNames.map((name) => [name, input(scalarName(name), [])]))
  const updates = [...parameters].flatMap(([name, parameter], i) => {
    const slots = mapRecord(optimizer.slots, (_, slot) => state(slotName(slot, name), parameter.shape))
    const gradient = gradients[i] as SymbolicTensor
    const multiplier = multiplierOf(name)
    const rate = multiplier === 1 ? learningRate : multiply(learningRate, multiplier)
    const next = optimizer.update({ parameter, gradient, learningRate: rate, slots, scalars })
    const newSlots = Object.entries(next.slots).map(([slot, value]) => [slotName(slot, name), value] as const)
    return [[name, next.parameter] as const, ...newSlots]
  })
  const scalarInputs = Object.entries(scalars).map(([name, scalar]) => [scalarName(name), scalar])
  return {
    inputs: { learningRate, ...Object.fromEntries(scalarInputs) },
    updates: Object.fromEntries(updates),
  }
}

/** What {@link optimizerStep} is fed at the given update, counted from 1. */
export function optimizerFeeds(optimizer: Optimizer, learningRate: number, update: number): Feeds {
  const scalars = Object.entries(optimizer.scalars?.(update) ?? {})
  return {
    learningRate: scalarFeed(learningRate),
    ...Object.fromEntries(scalars.map(([name, value]) => [scalarName(name), scalarFeed(value)])),
  }
}

export function scalarFeed(value: number): FloatTensor {
  return floatTensor([], Float32Array.of(value))
}

/** The slots of every parameter with their first values: `optimizer.<slot>.<parameter>`. */
export function slotState({ slots }: Optimizer, parameters: Parameters): Program['state'] {
  const entries = [...parameters].flatMap(([name, { shape }]) =>
    Object.entries(slots).map(([slot, first]) => [slotName(slot, name), filledState(shape, first)] as const),
  )
  return Object.fromEntries(entries)
}

/** State that begins with one value everywhere. */
export function filledState(shape: readonly number[], value: number): StateSpec {
  const initial = () => {
    const data = new Float32Array(sizeOf(shape))
    // zeros are there already, in memory that takes no place until it is written to
    return floatTensor(shape, value === 0 ? data : data.fill(value))
  }
  return { shape, initial }
}

const slotName = (slot: string, parameter: string) => `optimizer.${slot}.${parameter}`
const scalarName = (name: string) => `optimizer.${name}`

function mapRecord<A, B>(
  record: Readonly<Record<string, A>>,
  to: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]))
}
