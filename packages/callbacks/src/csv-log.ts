import type { Callback, Logs } from '@convkit/core'
import { writeFileAtomically } from '@convkit/core/node'
import { stringify } from 'csv-stringify/sync'
import { historyUpTo } from './shared/monitor.js'

export interface CsvLogOptions {
  /** The file, such as `metrics.csv`; its folder is made. */
  readonly file: string
}

/**
 * Writes the history as CSV: a row an epoch (from 1), a column a value. The file is written whole after each epoch, so
 * that a resumed run has no row twice and none missing, whatever its last one left behind.
 */
export function csvLog({ file }: CsvLogOptions): Callback {
  return {
    name: 'csvLog',
    async onEpochEnd(epoch, logs, { history }) {
      await writeFileAtomically(file, formatHistory(historyUpTo(epoch, logs, history)))
    },
  }
}

/** Columns in the order in which values first appear; a value that an epoch lacks is empty. */
function formatHistory(history: readonly Logs[]): string {
  const columns = ['epoch', ...new Set(history.flatMap((logs) => Object.keys(logs)))]
  return stringify(
    history.map((logs, index) => ({ ...logs, epoch: index + 1 })),
    { header: true, columns },
  )
}
