// Resident memory of training: the peak of a process that has trained a few steps, and what it grows by in more of them.

import { cases, describeCase } from '../cases.mjs'
import { writeCsv } from '../csv.mjs'
import { bySide, startAll, training } from '../line-up.mjs'

export async function run({ rounds, steps, isWanted, only, log }) {
  const rows = []
  for (const options of cases.filter((options) => isWanted(describeCase(options)))) {
    const name = describeCase(options)
    const { model, size, batchSize } = options
    const lines = []
    for (const entry of training.filter(({ name }) => name.includes(only))) {
      // One at a time: together they may not fit.
      const [contestant] = await startAll([entry], options, { log })
      if (!contestant) continue
      await contestant.ask(steps)
      const early = await contestant.memory()
      await contestant.ask(rounds * steps)
      const late = await contestant.memory()
      contestant.stop()
      const growth = late.now - early.now
      lines.push({ ...contestant, peak: late.peak, growth })
      log(
        `${name}  ${entry.name.padEnd(22)} peak ${late.peak} MB, ${growth} MB more after ${rounds * steps} steps`,
      )
    }
    rows.push({
      case: name,
      ...bySide(
        training,
        lines.map(({ name, peak, growth }) => [name, { peak, growth }]),
      ),
    })
    await writeCsv(
      'memory',
      ['model', 'size', 'batch', 'contestant', 'peak MB', 'growth MB', 'steps', 'runs on'],
      lines.map(({ name, runsOn, peak, growth }) => [
        ...[model, size, batchSize, name],
        ...[peak, growth, rounds * steps, runsOn],
      ]),
      { keys: 4 },
    )
  }
  return rows
}
