import { join } from 'node:path'
import type { Callback, TensorMap, TrainingSnapshot } from '@convkit/core'
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
  /** Write `last` after every so many steps of the training too. */
  readonly everySteps?: number
  /** Write `last` when so many minutes have passed since it was written, too. */
  readonly everyMinutes?: number
  /** Called when a checkpoint is on disk, such as to copy it elsewhere. */
  readonly onSave?: (folder: string, snapshot: TrainingSnapshot) => void | Promise<void>
  /** Milliseconds now. */
  readonly now?: () => number
}

/**
 * Writes checkpoints, each complete or not there at all. Any callback that sets `control.save` has `last` written. Weights
 * that are not finite are not written: the checkpoint before them stays.
 *
 * @throws E_DISK_FULL; the checkpoint before is whole then.
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
  let epochNow = 0

  return {
    name: 'checkpoint',
    onTrainBegin() {
      isBest = false
      written = now()
    },
    onEpochBegin(epoch) {
      epochNow = epoch
    },
    onBatchEnd(batch, _logs, { control, stepsPerEpoch }) {
      const steps = epochNow * stepsPerEpoch + batch + 1
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
      if (!areFinite(snapshot.model)) return
      for (const name of [...(isBest ? ['best'] : []), ...(last ? ['last'] : [])]) {
        await writeCheckpoint(join(folder, name), snapshot)
        await options.onSave?.(join(folder, name), snapshot)
      }
      isBest = false
      written = now()
    },
  }
}

/** Whether no value is NaN or infinite. */
function areFinite(tensors: TensorMap): boolean {
  return [...tensors.values()].every(({ data }) => data.every(Number.isFinite))
}
