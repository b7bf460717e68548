import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Callback, Logs } from '@convkit/core'
import { appendFile } from './shared/append-file.js'

export interface JsonLogOptions {
  /** The file, such as `events.jsonl`; its folder is made. */
  readonly file: string
  /** Steps between two `step` events; 1 by default, 0 for none. */
  readonly everySteps?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Writes what happens as JSON lines, each with its `time` and `event`: `begin`, `step`, `evaluate`, `epoch`, `save`,
 * `end`. Epochs and steps count from 1, `step` over the whole training. Lines are only ever added, so after a resume a
 * step that was lost is there twice; numbers that are not finite are null.
 */
export function jsonLog({ file, everySteps = 1, now = Date.now }: JsonLogOptions): Callback {
  let epochNow = 0
  let step = 0
  const add = async (event: string, values: object) => {
    const line = `${JSON.stringify({ time: new Date(now()).toISOString(), event, ...values })}\n`
    await appendFile(file, line)
  }
  return {
    name: 'jsonLog',
    async onTrainBegin({ epochs, stepsPerEpoch, batchSize, seed, history, model }) {
      await mkdir(dirname(file), { recursive: true })
      await endLastLine(file)
      const { name } = model
      await add('begin', { model: name, epochs, stepsPerEpoch, batchSize, seed, epochsDone: history.length })
    },
    onEpochBegin(epoch, { stepsPerEpoch }) {
      epochNow = epoch
      step = Math.max(step, epoch * stepsPerEpoch)
    },
    async onBatchEnd(batch, logs, { stepsPerEpoch }) {
      step = epochNow * stepsPerEpoch + batch + 1
      if (everySteps > 0 && step % everySteps === 0) await add('step', { epoch: epochNow + 1, step, ...logs })
    },
    onEvaluateEnd: (logs: Logs) => add('evaluate', { epoch: epochNow + 1, step, ...logs }),
    onEpochEnd: (epoch, logs) => add('epoch', { epoch: epoch + 1, step, ...logs }),
    onSave: () => add('save', { epoch: epochNow + 1, step }),
    async onTrainEnd(logs, { control }) {
      const { stop } = control
      await add('end', { step, ...logs, ...(stop !== false && { stopped: stop }) })
    },
  }
}

/** A kill may have cut the last line short: what is added must not continue it. */
async function endLastLine(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '')
  if (text !== '' && !text.endsWith('\n')) await appendFile(file, '\n')
}
