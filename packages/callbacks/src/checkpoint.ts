import { join } from 'node:path'
import type { Callback, TrainingSnapshot } from '@convkit/core'
import { writeCheckpoint } from '@convkit/core/node'
import { bestEpoch, defaultMonitor, historyUpTo, type MonitorOptions } from './shared/monitor.js'

export interface CheckpointOptions extends MonitorOptions {
  /** Holds `best/` and `last/`. */
  readonly folder: string
  /** Keep the best epoch, by `monitor`: the validation loss, or the loss without a validation set; true by default. */
  readonly best?: boolean
  /** Keep the latest state; true by default. */
  readonly last?: boolean
  /** Write `last` after every so many epochs; 1 by default. */
  readonly everyEpochs?: number
  /** Write `last` after every so many steps too. */
  readonly everySteps?: number
  /** Write `last` when so many minutes have passed since it was written, too. */
  readonly everyMinutes?: number
  /** Called when a checkpoint is on disk, such as to copy it elsewhere. */
  readonly onSave?: (folder: string, snapshot: TrainingSnapshot) => void | Promise<void>
  /** Milliseconds now. */
  readonly now?: () => number
}

/**
 * Writes checkpoints, each complete or not there at all. Any callback that sets `control.save` has `last` written.
 */
export function checkpoint(options: CheckpointOptions): Callback {
  const {
    folder,
    best = true,
    last = true,
    everyEpochs = 1,
    everySteps,
    everyMinutes,
    mode,
    now = Date.now,
  } = options
  let isBest = false
  let written = now()
  let steps = 0

  return {
    name: 'checkpoint',
    onTrainBegin() {
      isBest = false
      written = now()
      steps = 0
    },
    onBatchEnd(_batch, _logs, { control }) {
      steps++
      const minutes = (now() - written) / 60_000
      if (last && ((everySteps && steps % everySteps === 0) || (everyMinutes && minutes >= everyMinutes)))
        control.save = true
    },
    onEpochEnd(epoch, logs, { history, control }) {
      const all = historyUpTo(epoch, logs, history)
      isBest = best && bestEpoch(all, options.monitor ?? defaultMonitor(logs), mode) === epoch
      if (isBest || (last && (epoch + 1) % everyEpochs === 0)) control.save = true
    },
    async onSave(context) {
      const snapshot = await context.snapshot()
      for (const name of [...(isBest ? ['best'] : []), ...(last ? ['last'] : [])]) {
        await writeCheckpoint(join(folder, name), snapshot)
        await options.onSave?.(join(folder, name), snapshot)
      }
      isBest = false
      written = now()
    },
  }
}
