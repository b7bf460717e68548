import { join } from 'node:path'
import type { Callback, Logs } from '@convkit/core'
import type { EventFile } from './tensorboard/event-file.js'

export interface TensorboardOptions {
  /** Holds `train/` and `validation/`, which TensorBoard draws into one chart. */
  readonly folder: string
  /** Steps between two values of `batch_…`; 1 by default, 0 for none. */
  readonly everySteps?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Writes event files for TensorBoard (`tensorboard --logdir <folder>`), with Keras's names: `epoch_loss`, `epoch_top1`, …
 * of training and validation, `epoch_lr`, `batch_loss`, `batch_lr`. All are drawn over the steps of the training.
 */
export function tensorboard({ folder, everySteps = 1, now = Date.now }: TensorboardOptions): Callback {
  let files: { readonly train: EventFile; readonly validation: EventFile } | undefined
  let epochNow = 0
  const filesFrom = async (firstStep: number) => {
    // Protocol buffers take 80 ms to load, which only who writes them shall wait for
    const { openEventFile } = await import('./tensorboard/event-file.js')
    files ??= {
      train: await openEventFile(join(folder, 'train'), firstStep, now),
      validation: await openEventFile(join(folder, 'validation'), firstStep, now),
    }
    return files
  }
  return {
    name: 'tensorboard',
    onTrainBegin() {
      files = undefined
    },
    onEpochBegin(epoch) {
      epochNow = epoch
    },
    async onBatchBegin(batch, { stepsPerEpoch }) {
      await filesFrom(epochNow * stepsPerEpoch + batch + 1)
    },
    async onBatchEnd(batch, { batchLoss, lr }, { stepsPerEpoch }) {
      const step = epochNow * stepsPerEpoch + batch + 1
      if (everySteps === 0 || step % everySteps !== 0) return
      const { train } = await filesFrom(step)
      await train.scalars(step, finite({ batch_loss: batchLoss, batch_lr: lr }))
    },
    async onEpochEnd(epoch, logs, { stepsPerEpoch }) {
      const step = (epoch + 1) * stepsPerEpoch
      const { train, validation } = await filesFrom(step)
      const [own, held] = bySet(logs)
      await train.scalars(step, own)
      if (Object.keys(held).length > 0) await validation.scalars(step, held)
    },
  }
}

/** `loss` and `val_loss` under one name, of each set. */
function bySet(logs: Logs): [Record<string, number>, Record<string, number>] {
  const named = (entries: [string, number][]) =>
    Object.fromEntries(entries.map(([key, value]) => [`epoch_${key.replace(/^val_/, '')}`, value]))
  const entries = Object.entries(logs)
  return [
    named(entries.filter(([key]) => !key.startsWith('val_'))),
    named(entries.filter(([key]) => key.startsWith('val_'))),
  ]
}

function finite(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  )
}
