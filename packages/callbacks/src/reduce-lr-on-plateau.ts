import { type Callback, ConvkitError, type Logs } from '@convkit/core'
import { comparison, historyUpTo, type MonitorOptions, requireMonitor } from './shared/monitor.js'

export interface ReduceLrOnPlateauOptions extends MonitorOptions {
  /** What a reduction multiplies the learning rate by; 0.1 by default. */
  readonly factor?: number
  /** Epochs without an improvement after which the rate is reduced; 10 by default. */
  readonly patience?: number
  /** The least change that counts as an improvement; 1e-4 by default. */
  readonly minDelta?: number
  /** Epochs after a reduction in which none is counted; 0 by default. */
  readonly cooldown?: number
  /** The rate is not reduced below this; 0 by default. */
  readonly minLr?: number
}

/**
 * Reduces the learning rate when a monitored value has not improved for some epochs, as Keras's callback of this name.
 * It multiplies the schedule. What it knows follows from the history, so a resumed training has the same rates.
 *
 * @throws E_OPTION when `factor` is not in (0, 1); E_MONITOR when the value is not logged.
 */
export function reduceLrOnPlateau(options: ReduceLrOnPlateauOptions = {}): Callback {
  const { monitor = 'val_loss', factor = 0.1 } = options
  if (!(factor > 0 && factor < 1)) {
    throw new ConvkitError('E_OPTION', `reduceLrOnPlateau: factor must be in (0, 1), got ${factor}`)
  }
  return {
    name: 'reduceLrOnPlateau',
    learningRateFactor: (_position, history) => plateauFactor(history, options),
    onEpochEnd(epoch, logs, context) {
      requireMonitor('reduceLrOnPlateau', monitor, historyUpTo(epoch, logs, context.history))
    },
  }
}

/** The product of all reductions after the epochs of a history. */
export function plateauFactor(history: readonly Logs[], options: ReduceLrOnPlateauOptions): number {
  const { monitor = 'val_loss', mode, minDelta = 1e-4 } = options
  const { factor = 0.1, patience = 10, cooldown = 0, minLr = 0 } = options
  const better = comparison(monitor, mode, minDelta)
  let reduced = 1
  let best: number | undefined
  let waited = 0
  let resting = 0
  for (const logs of history) {
    const value = logs[monitor]
    if (value === undefined) continue
    if (resting > 0) {
      resting--
      waited = 0
    }
    if (!Number.isNaN(value) && (best === undefined || better(value, best))) {
      best = value
      waited = 0
    } else if (resting === 0 && ++waited >= patience) {
      const { lr = Number.POSITIVE_INFINITY } = logs
      if (lr > minLr) {
        reduced *= Math.max(factor, minLr / lr)
        resting = cooldown
      }
      waited = 0
    }
  }
  return reduced
}
