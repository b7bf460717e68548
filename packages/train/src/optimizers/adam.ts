import { add, divide, multiply, type SymbolicTensor, sqrt, square, subtract } from '@convkit/graph'
import { requireFraction, requireNonNegative } from '../require-option.js'
import {
  decayOf,
  movingAverage,
  type Optimizer,
  type ParameterStep,
  type ParameterUpdate,
  penalized,
  type WeightDecayOptions,
} from './optimizer.js'

export interface AdamOptions extends WeightDecayOptions {
  /** 0.001 by default. */
  readonly learningRate?: number
  /** How long the averages of the gradient and of its square remember; [0.9, 0.999] by default. */
  readonly betas?: readonly [number, number]
  /** Added to the root; 1e-8 by default. */
  readonly epsilon?: number
}

/**
 * Adam with PyTorch's formulas (Kingma and Ba 2015). Weight decay is a penalty in the gradient; 0 by default.
 *
 * @throws E_OPTION when a value is out of range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamWith('adam', options, (step, update) => update({ ...step, gradient: penalized(step, options) }))
}

/**
 * Adam whose weight decay shrinks the parameter itself, `p ← p · (1 − rate · decay)`, with PyTorch's formulas
 * (Loshchilov and Hutter 2019). Weight decay is 0.01 by default.
 *
 * @throws E_OPTION when a value is out of range.
 */
export function adamW({ weightDecay = 0.01, ...others }: AdamOptions = {}): Optimizer {
  const options = { weightDecay, ...others }
  return adamWith('adamW', options, (step, update) => {
    const { parameter, learningRate } = step
    const decay = decayOf(parameter, options)
    if (decay === 0) return update(step)
    const shrunk = multiply(parameter, subtract(1, multiply(learningRate, decay)))
    return update({ ...step, parameter: shrunk })
  })
}

type Update = (step: ParameterStep) => ParameterUpdate

function adamWith(
  name: string,
  { learningRate = 1e-3, betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 }: AdamOptions,
  decay: (step: ParameterStep, update: Update) => ParameterUpdate,
): Optimizer {
  requireNonNegative('learningRate', learningRate)
  requireNonNegative('weightDecay', weightDecay)
  requireNonNegative('epsilon', epsilon)
  requireFraction('betas[0]', beta1)
  requireFraction('betas[1]', beta2)

  const update: Update = ({ parameter, gradient, learningRate: rate, slots, scalars }) => {
    const { mean, square: uncentred } = slots as Slots
    const { correction1, correction2 } = scalars as Scalars
    const newMean = movingAverage(mean, gradient, beta1)
    const newSquare = movingAverage(uncentred, square(gradient), beta2)
    const root = add(divide(sqrt(newSquare), correction2), epsilon)
    const direction = multiply(divide(newMean, root), divide(rate, correction1))
    return { parameter: subtract(parameter, direction), slots: { mean: newMean, square: newSquare } }
  }
  return {
    name,
    learningRate,
    slots: { mean: 0, square: 0 },
    scalars: (step) => ({ correction1: 1 - beta1 ** step, correction2: Math.sqrt(1 - beta2 ** step) }),
    update: (step) => decay(step, update),
  }
}

type Slots = Record<'mean' | 'square', SymbolicTensor>
type Scalars = Record<'correction1' | 'correction2', SymbolicTensor>
