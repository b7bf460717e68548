import { add, multiply, subtract } from '@convkit/graph'
import { requireFraction, requireNonNegative, requireOption } from '../require-option.js'
import { type Optimizer, penalized, type WeightDecayOptions } from './optimizer.js'

export interface SgdOptions extends WeightDecayOptions {
  /** 0.01 by default. */
  readonly learningRate?: number
  /** Share of the last step's direction that is kept; 0 by default. */
  readonly momentum?: number
  /** What the gradient loses against the kept direction; 0 by default. */
  readonly dampening?: number
  /** Look ahead along the direction (Sutskever et al. 2013); false by default. */
  readonly nesterov?: boolean
}

/**
 * Stochastic gradient descent with PyTorch's formulas: `v ← momentum · v + (1 − dampening) · g` (the first `v` is g
 * itself), `p ← p − rate · v`; with Nesterov momentum `p ← p − rate · (g + momentum · v)`.
 *
 * @throws E_OPTION when a value is out of range, or Nesterov has no momentum or is dampened.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { learningRate = 0.01, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options
  requireNonNegative('learningRate', learningRate)
  requireNonNegative('weightDecay', weightDecay)
  requireFraction('momentum', momentum)
  requireOption(
    !nesterov || (momentum > 0 && dampening === 0),
    'nesterov',
    'used with a momentum and no dampening',
    { momentum, dampening },
  )
  const dampened = momentum > 0 && dampening !== 0
  return {
    name: 'sgd',
    learningRate,
    slots: momentum > 0 ? { momentum: 0 } : {},
    ...(dampened && { scalars: (update: number) => ({ share: update === 1 ? 1 : 1 - dampening }) }),
    update({ parameter, learningRate: rate, slots, scalars, ...step }) {
      const gradient = penalized({ parameter, ...step }, options)
      if (!slots.momentum) return { parameter: subtract(parameter, multiply(gradient, rate)), slots }
      const share = scalars.share ? multiply(gradient, scalars.share) : gradient
      const velocity = add(multiply(slots.momentum, momentum), share)
      const direction = nesterov ? add(gradient, multiply(velocity, momentum)) : velocity
      return { parameter: subtract(parameter, multiply(direction, rate)), slots: { momentum: velocity } }
    },
  }
}
