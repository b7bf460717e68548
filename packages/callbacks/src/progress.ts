import type { Callback, Logs, TrainingContext } from '@convkit/core'
import { bar, barWidth, fitParts } from './shared/bar.js'
import { formatDuration, formatPairs } from './shared/format.js'
import { type Environment, type Output, terminalOf } from './shared/terminal.js'

export interface ProgressOptions {
  /** Values behind the bar: label → key of the batch's logs. */
  readonly metrics?: Readonly<Record<string, string>>
  /** `process.stdout` by default. */
  readonly output?: Output
  readonly env?: Environment
  /** Milliseconds now. */
  readonly now?: () => number
  /** Least time between two drawings, in milliseconds; 100 by default. */
  readonly interval?: number
}

/**
 * A live bar while an epoch runs; without a TTY, or with `CI` set, a plain line an epoch, unless `simpleLog` prints one.
 *
 * ```text
 *  2/10  ━━━━━━━━━━╺━━━━━  14/21  loss 0.498  acc 0.83  eta 0:01
 * ```
 */
export function progress(options: ProgressOptions = {}): Callback {
  const { metrics = { loss: 'loss', acc: 'top1' }, now = Date.now, interval = 100 } = options
  const terminal = terminalOf(options.output, options.env)
  let epochNow = 0
  let first: { readonly batch: number; readonly time: number } | undefined
  let drawn = Number.NEGATIVE_INFINITY
  let latest: Logs = {}

  const position = (epoch: number, { epochs }: TrainingContext) =>
    `${String(epoch + 1).padStart(String(epochs).length)}/${epochs}`.padStart(5)

  const draw = (done: number, tail: readonly string[], context: TrainingContext) => {
    const { stepsPerEpoch } = context
    const texts = [`${String(done).padStart(String(stepsPerEpoch).length)}/${stepsPerEpoch}`, ...tail]
    terminal.live(
      fitParts(
        [
          { text: position(epochNow, context), length: position(epochNow, context).length },
          { text: bar(done / stepsPerEpoch, terminal.colors), length: barWidth },
          ...texts.map((text) => ({ text, length: text.length })),
        ],
        terminal.columns,
      ),
    )
  }

  return {
    name: 'progress',
    onEpochBegin(epoch) {
      epochNow = epoch
      first = undefined
      latest = {}
    },
    onBatchBegin(batch) {
      // A resumed epoch begins in its middle.
      first ??= { batch, time: now() }
    },
    onBatchEnd(batch, logs, context) {
      latest = logs
      const time = now()
      const done = batch + 1
      if (!terminal.isLive || (time - drawn < interval && done < context.stepsPerEpoch)) return
      drawn = time
      const seconds = first
        ? ((time - first.time) / 1000 / (done - first.batch)) * (context.stepsPerEpoch - done)
        : 0
      draw(done, [...formatPairs(metrics, logs, 'live'), `eta ${formatDuration(seconds)}`], context)
    },
    onEvaluateBegin(context) {
      if (first) draw(context.stepsPerEpoch, [...formatPairs(metrics, latest, 'live'), 'evaluating'], context)
    },
    onEpochEnd(epoch, logs, context) {
      terminal.clear()
      if (terminal.isLive || terminal.hasEpochLines) return
      const validation = Object.fromEntries(
        Object.entries(metrics).map(([label, key]) => [`val_${label}`, `val_${key}`]),
      )
      terminal.line(
        [position(epoch, context), ...formatPairs({ ...metrics, ...validation }, logs, 'table')].join('  '),
      )
    },
    onTrainEnd() {
      terminal.clear()
    },
  }
}
