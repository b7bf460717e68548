import { type Callback, ConvkitError, type SchedulePosition } from '@convkit/core'

export interface AverageWeightsOptions {
  /**
   * `exponential`, the default, forgets older steps by `decay`; `stochastic` is the plain mean of the weights at the end
   * of each of the last epochs (Izmailov et al. 2018).
   */
  readonly kind?: 'exponential' | 'stochastic'
  /** How much of an exponential average is left after a step; 0.9998 by default. */
  readonly decay?: number
  /** Let early steps count for less than `decay` has them count, so that a short training has an average too; true by default. */
  readonly warmup?: boolean
  /** The share of the training after which a stochastic average begins; 0.75 by default. */
  readonly start?: number
}

/**
 * Averages parameters and the statistics of batch-norms inside the training program. The average is what is evaluated,
 * what checkpoints hold as the model, and what the model is left with; training goes on from its own weights.
 *
 * The warm-up of an exponential average is timm's: its decay at step n is at most `1 − n^(−2/3)`.
 *
 * @throws E_OPTION when `decay` or `start` is not in [0, 1).
 */
export function averageWeights(options: AverageWeightsOptions = {}): Callback {
  const { kind = 'exponential', decay = 0.9998, warmup = true, start = 0.75 } = options
  for (const [name, value] of Object.entries({ decay, start })) {
    if (value >= 0 && value < 1) continue
    throw new ConvkitError('E_OPTION', `averageWeights: ${name} must be in [0, 1), got ${value}`)
  }
  const rate = kind === 'stochastic' ? stochasticRate(start) : exponentialRate(decay, warmup)
  return { name: 'averageWeights', averaging: { rate } }
}

type Rate = (position: SchedulePosition) => number

function exponentialRate(decay: number, warmup: boolean): Rate {
  return ({ step }) => {
    if (step === 0) return 1
    return warmup ? Math.max(1 - decay, (step + 1) ** (-2 / 3)) : 1 - decay
  }
}

/** Until the first epoch that counts has ended, the average follows the weights. */
function stochasticRate(start: number): Rate {
  return ({ step, steps, stepsPerEpoch }) => {
    const first = Math.floor((start * steps) / stepsPerEpoch)
    const finished = Math.floor((step + 1) / stepsPerEpoch)
    if (finished <= first) return 1
    const isEpochEnd = (step + 1) % stepsPerEpoch === 0
    return isEpochEnd ? 1 / (finished - first) : 0
  }
}
