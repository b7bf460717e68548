import type { Callback, Logs, TrainingContext } from '@convkit/core'
import { columnWidth, formatValue } from './shared/format.js'
import { bestEpoch, defaultMonitor, historyUpTo, type MonitorOptions } from './shared/monitor.js'
import { type Environment, type Output, terminalOf } from './shared/terminal.js'

export interface SimpleLogOptions extends MonitorOptions {
  /** Columns: label → key of the epoch's logs. A key that is never logged has no column. */
  readonly metrics?: Readonly<Record<string, string>>
  /** Epochs in all, as shown; the trainer's by default. */
  readonly epochs?: number
  /** Every how many epochs to print; the first and the last are always printed. */
  readonly every?: number
  /** A line of your own instead of the table: `'{epoch}/{epochs} loss {loss} acc {acc}'`, with labels of `metrics`. */
  readonly template?: string
  /** Print `Training: start` and `Training: end`; true by default. */
  readonly announce?: boolean
  /** `process.stdout` by default. */
  readonly output?: Output
  readonly env?: Environment
}

/** Columns of the table: label → key of the epoch's logs. */
export const defaultMetrics: Readonly<Record<string, string>> = {
  loss: 'loss',
  val_loss: 'val_loss',
  acc: 'top1',
  val_acc: 'val_top1',
  lr: 'lr',
  'img/s': 'imagesPerSecond',
  time: 'seconds',
}

/**
 * Logs training as a dense table, a line an epoch, and marks each epoch that is the best so far.
 *
 * ```text
 * epoch    loss  val_loss    acc  val_acc       lr  img/s  time
 *  1/10  0.9120    0.5440  0.610    0.800   1.0e-3    142  0:03  best
 * ```
 */
export function simpleLog(options: SimpleLogOptions = {}): Callback {
  const { metrics = defaultMetrics, every = 1, template, announce = true, mode } = options
  const terminal = terminalOf(options.output, options.env)
  const { bold, green, cyan } = terminal.colors
  let columns: readonly (readonly [label: string, key: string])[] | undefined
  let unprinted: string | undefined

  const row = (epoch: number, logs: Logs, context: TrainingContext): string => {
    const epochs = options.epochs ?? context.epochs
    if (template !== undefined)
      return fill(template, { epoch: `${epoch + 1}`, epochs: `${epochs}` }, metrics, logs)
    const position = `${String(epoch + 1).padStart(String(epochs).length)}/${epochs}`.padStart(epochWidth)
    const cells = (columns ?? []).map(([label, key]) =>
      formatValue(key, logs[key]).padStart(columnWidth(label, key)),
    )
    const history = historyUpTo(epoch, logs, context.history)
    const isBest = bestEpoch(history, options.monitor ?? defaultMonitor(logs), mode) === epoch
    return [position, ...cells, ...(isBest ? [green('best')] : [])].join('  ')
  }

  return {
    name: 'simpleLog',
    onTrainBegin() {
      terminal.hasEpochLines = true
      columns = undefined
      unprinted = undefined
      if (announce) terminal.line(cyan('Training: start'))
    },
    onEpochEnd(epoch, logs, context) {
      if (!columns) {
        columns = Object.entries(metrics).filter(([, key]) => key in logs)
        if (template === undefined) terminal.line(bold(header(columns)))
      }
      const line = row(epoch, logs, context)
      const due = epoch === 0 || (epoch + 1) % every === 0 || epoch + 1 === context.epochs
      if (due) terminal.line(line)
      unprinted = due ? undefined : line
    },
    onTrainEnd() {
      // Training that stopped early has a last epoch that nobody knew to be the last.
      if (unprinted !== undefined) terminal.line(unprinted)
      terminal.hasEpochLines = false
      if (announce) terminal.line(cyan('Training: end'))
    },
  }
}

/** ` 1/10` */
const epochWidth = 5

function header(columns: readonly (readonly [label: string, key: string])[]): string {
  return ['epoch', ...columns.map(([label, key]) => label.padStart(columnWidth(label, key)))].join('  ')
}

function fill(
  template: string,
  own: Readonly<Record<string, string>>,
  metrics: Readonly<Record<string, string>>,
  logs: Logs,
): string {
  return template.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    if (name in own) return own[name] as string
    const key = metrics[name] ?? name
    return key in logs || name in metrics ? formatValue(key, logs[key]) : whole
  })
}
