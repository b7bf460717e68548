import { type Callback, ConvkitError, type Logs, type TensorMap, type TrainingControl } from '@convkit/core'
import { bestEpoch, comparison, historyUpTo, type MonitorOptions, requireMonitor } from './shared/monitor.js'

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without an improvement after which training stops; 5 by default. */
  readonly patience?: number
  /** The least change that counts as an improvement; 0 by default. */
  readonly minDelta?: number
  /** A value that must be reached for an improvement to count. */
  readonly baseline?: number
  /** When training ends, put the best epoch's weights back; true by default. */
  readonly restoreBest?: boolean
  /** Epochs (from 0) before this one are not looked at; 0 by default. */
  readonly startFromEpoch?: number
  /**
   * Reads the best epoch's weights from where they were kept, such as `checkpoints/best`. A resumed run needs it when
   * its best epoch lies before the resume, for weights are otherwise only kept in memory.
   */
  readonly bestWeights?: () => Promise<TensorMap>
}

/**
 * Stops when a monitored value has not improved for some epochs. What it knows follows from the history, so it
 * goes on after a resume as if nothing had happened. `minDelta` and `baseline` count for patience; the weights put
 * back are those of the best value.
 *
 * @throws E_MONITOR when the value is not logged; E_RESUME when a resumed run cannot get at its best weights.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { monitor = 'val_loss', mode, patience = 5, restoreBest = true, startFromEpoch = 0 } = options
  let best: TensorMap | undefined

  const stopWhenDue = (history: readonly Logs[], control: TrainingControl) => {
    const waited = epochsWithoutImprovement(history, { ...options, monitor })
    if (waited === 0 || waited < patience) return
    control.stop = `${monitor} has not improved for ${waited} ${waited === 1 ? 'epoch' : 'epochs'}`
  }

  return {
    name: 'earlyStopping',
    async onTrainBegin({ history, control }) {
      best = undefined
      if (history.length > 0) stopWhenDue(history, control)
      if (!restoreBest || bestEpoch(history, monitor, mode, startFromEpoch) === -1) return
      if (!options.bestWeights) {
        throw new ConvkitError(
          'E_RESUME',
          'earlyStopping restores the best weights, but those of the epochs before the resume are gone from memory: pass bestWeights (such as a reader of checkpoints/best), or restoreBest: false',
        )
      }
      best = await options.bestWeights()
    },
    async onEpochEnd(epoch, logs, context) {
      const history = historyUpTo(epoch, logs, context.history)
      requireMonitor('earlyStopping', monitor, history)
      if (restoreBest && bestEpoch(history, monitor, mode, startFromEpoch) === epoch)
        best = await context.weights()
      stopWhenDue(history, context.control)
    },
    async onTrainEnd(_logs, context) {
      if (restoreBest && best) await context.setWeights(best)
    },
  }
}

/** Epochs since the last improvement, as Keras counts them: an improvement short of `baseline` does not reset. */
export function epochsWithoutImprovement(
  history: readonly Logs[],
  { monitor = 'val_loss', mode, minDelta, baseline, startFromEpoch = 0 }: EarlyStoppingOptions,
): number {
  const better = comparison(monitor, mode, minDelta)
  let best: number | undefined
  let waited = 0
  for (const logs of history.slice(startFromEpoch)) {
    const value = logs[monitor]
    if (value === undefined) continue
    waited++
    if (Number.isNaN(value) || (best !== undefined && !better(value, best))) continue
    best = value
    if (baseline === undefined || better(value, baseline)) waited = 0
  }
  return waited
}
