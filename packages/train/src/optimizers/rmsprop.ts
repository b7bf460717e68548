import { add, divide, multiply, type SymbolicTensor, sqrt, square, subtract } from '@convkit/graph'
import { requireFraction, requireNonNegative } from '../require-option.js'
import { movingAverage, type Optimizer, penalized, type WeightDecayOptions } from './optimizer.js'

export interface RmspropOptions extends WeightDecayOptions {
  /** 0.01 by default. */
  readonly learningRate?: number
  /** How long the average of the squared gradient remembers; 0.99 by default. */
  readonly alpha?: number
  /** Added to the root; 1e-8 by default. */
  readonly epsilon?: number
  /** Share of the last step's direction that is kept; 0 by default. */
  readonly momentum?: number
  /** Divide by the standard deviation of the gradient instead of its root mean square; false by default. */
  readonly centered?: boolean
}

/**
 * RMSprop with PyTorch's formulas (Hinton 2012; centred: Graves 2013).
 *
 * @throws E_OPTION when a value is out of range.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const {
    learningRate = 0.01,
    alpha = 0.99,
    epsilon = 1e-8,
    momentum = 0,
    centered = false,
    weightDecay = 0,
  } = options
  requireNonNegative('learningRate', learningRate)
  requireNonNegative('weightDecay', weightDecay)
  requireNonNegative('epsilon', epsilon)
  requireFraction('alpha', alpha)
  requireFraction('momentum', momentum)
  return {
    name: 'rmsprop',
    learningRate,
    slots: { square: 0, ...(centered && { mean: 0 }), ...(momentum > 0 && { momentum: 0 }) },
    update({ parameter, learningRate: rate, slots, ...step }) {
      const gradient = penalized({ parameter, ...step }, options)
      const meanSquare = movingAverage(slots.square as SymbolicTensor, square(gradient), alpha)
      const mean = slots.mean && movingAverage(slots.mean, gradient, alpha)
      const spread = mean ? subtract(meanSquare, square(mean)) : meanSquare
      const scaled = divide(gradient, add(sqrt(spread), epsilon))
      const direction = slots.momentum ? add(multiply(slots.momentum, momentum), scaled) : scaled
      return {
        parameter: subtract(parameter, multiply(direction, rate)),
        slots: { square: meanSquare, ...(mean && { mean }), ...(slots.momentum && { momentum: direction }) },
      }
    },
  }
}
