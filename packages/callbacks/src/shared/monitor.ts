import { ConvkitError, type Logs } from '@convkit/core'

/** Which value a callback watches. */
export interface MonitorOptions {
  /** A key of the epoch's logs: `val_loss`, `val_top1`. */
  readonly monitor?: string
  /** Whether smaller or larger values are better; `auto`, the default, tells by the key. */
  readonly mode?: 'auto' | 'min' | 'max'
}

type Mode = NonNullable<MonitorOptions['mode']>

/** Whether larger values of a metric are better, by its name. */
function higherIsBetter(key: string, mode: Mode): boolean {
  return mode === 'auto' ? /acc|auc|top\d|f1|precision|recall/i.test(key) : mode === 'max'
}

/** `better(value, than)`: by more than `minDelta`; NaN is never better. */
export function comparison(
  key: string,
  mode: Mode = 'auto',
  minDelta = 0,
): (value: number, than: number) => boolean {
  return higherIsBetter(key, mode)
    ? (value, than) => value - Math.abs(minDelta) > than
    : (value, than) => value + Math.abs(minDelta) < than
}

/** What is watched when nothing is named: the validation loss, or the training loss where there is no validation. */
export function defaultMonitor(logs: Logs): string {
  return 'val_loss' in logs ? 'val_loss' : 'loss'
}

/** The epoch (from 0) with the best value of `monitor`, the first of equals; −1 where none has one. */
export function bestEpoch(
  history: readonly Logs[],
  monitor: string,
  mode: Mode = 'auto',
  startFromEpoch = 0,
): number {
  const better = comparison(monitor, mode)
  let best = -1
  for (let epoch = startFromEpoch; epoch < history.length; epoch++) {
    const value = history[epoch]?.[monitor]
    if (value === undefined || Number.isNaN(value)) continue
    if (best === -1 || better(value, history[best]?.[monitor] as number)) best = epoch
  }
  return best
}

/** Logs of all epochs up to the one that has just ended. */
export function historyUpTo(epoch: number, logs: Logs, history: readonly Logs[]): readonly Logs[] {
  return [...history.slice(0, epoch), logs]
}

/** @throws E_MONITOR when no epoch has logged the value. */
export function requireMonitor(callback: string, monitor: string, history: readonly Logs[]): void {
  if (history.some((logs) => monitor in logs)) return
  const keys = Object.keys(history.at(-1) ?? {}).join(', ')
  const remedy = monitor.startsWith('val_')
    ? 'pass a validation set, or monitor one of these'
    : 'monitor one of these'
  throw new ConvkitError(
    'E_MONITOR',
    `${callback} watches ${monitor}, but the epoch logged ${keys || 'nothing'}: ${remedy}`,
  )
}
