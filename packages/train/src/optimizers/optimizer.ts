import { add, multiply, type SymbolicTensor } from '@convkit/graph'

/** What one parameter's update is built from. */
export interface ParameterStep {
  readonly parameter: SymbolicTensor
  /** Of the parameter's shape; already clipped. */
  readonly gradient: SymbolicTensor
  /** A scalar, fed at each step: the schedule's value. */
  readonly learningRate: SymbolicTensor
  /** The parameter's slots before the step, by name. */
  readonly slots: Readonly<Record<string, SymbolicTensor>>
  /** Scalars, fed at each step: what {@link Optimizer.scalars} gives. */
  readonly scalars: Readonly<Record<string, SymbolicTensor>>
}

/** What a parameter and its slots become. */
export interface ParameterUpdate {
  readonly parameter: SymbolicTensor
  readonly slots: Readonly<Record<string, SymbolicTensor>>
}

/** An update rule: data, and a function of symbolic tensors. Anyone can write one. */
export interface Optimizer {
  readonly name: string
  /** The rate that a schedule multiplies. */
  readonly learningRate: number
  /** What is kept for each parameter, in its shape, by name with the first value. */
  readonly slots: Readonly<Record<string, number>>
  /**
   * Numbers that depend on how many updates there were, this one counted (so from 1). They are computed on the host
   * in float64, where β^step loses nothing, and need no state: the step is part of a snapshot.
   */
  scalars?(update: number): Readonly<Record<string, number>>
  update(step: ParameterStep): ParameterUpdate
}

export interface WeightDecayOptions {
  readonly weightDecay?: number
  /**
   * Decay every parameter, as PyTorch does. By default, as in timm, only those with more than one axis decay:
   * filters and weights, not biases and the scales of normalisation.
   */
  readonly decayAll?: boolean
}

/** The weight decay that holds for a parameter. */
export function decayOf(
  { shape }: SymbolicTensor,
  { weightDecay = 0, decayAll = false }: WeightDecayOptions,
): number {
  return decayAll || shape.length > 1 ? weightDecay : 0
}

/** The gradient with the penalty's, decay · parameter, added (L2 regularisation). */
export function penalized(
  { gradient, parameter }: Pick<ParameterStep, 'gradient' | 'parameter'>,
  options: WeightDecayOptions,
): SymbolicTensor {
  const decay = decayOf(parameter, options)
  return decay === 0 ? gradient : add(gradient, multiply(parameter, decay))
}

/** rate · old + (1 − rate) · value */
export function movingAverage(old: SymbolicTensor, value: SymbolicTensor, rate: number): SymbolicTensor {
  return add(multiply(old, rate), multiply(value, 1 - rate))
}
