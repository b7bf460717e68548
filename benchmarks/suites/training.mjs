// Training steps in images per second: convkit's engines beside PyTorch and Keras, taking turns on one machine.

import { cases, describeCase } from '../cases.mjs'
import { race } from '../contestant.mjs'
import { writeCsv } from '../csv.mjs'
import { bySide, startAll, training } from '../line-up.mjs'

export const run = trainingSuite('training', training)

/** Lets a line-up train in turns. Results go to results/<file>.csv. */
export function trainingSuite(file, lineUp, networks = cases) {
  return (options) => runTraining(file, lineUp, networks, options)
}

async function runTraining(file, lineUp, networks, { rounds, steps, isWanted, only, log }) {
  const rows = []
  for (const options of networks.filter((options) => isWanted(describeCase(options)))) {
    const name = describeCase(options)
    const contestants = await startAll(lineUp, options, { only, log })
    const medians = await race(contestants, { rounds, steps, log })
    for (const contestant of contestants) contestant.stop()

    const { model, size, batchSize } = options
    const finished = contestants.filter(({ name }) => medians.has(name))
    const lines = finished.map(({ name, runsOn }) => {
      const milliseconds = medians.get(name)
      return { name, runsOn, milliseconds, rate: (1000 * batchSize) / milliseconds }
    })
    for (const { name: contestant, milliseconds, rate } of lines) {
      log(
        `${name}  ${contestant.padEnd(22)} ${rate.toFixed(1).padStart(7)} images/s ${milliseconds.toFixed(0)} ms`,
      )
    }
    rows.push({
      case: name,
      ...bySide(
        lineUp,
        lines.map(({ name, rate }) => [name, round(rate)]),
      ),
    })
    await writeCsv(
      file,
      ['model', 'size', 'batch', 'contestant', 'images per second', 'ms a step', 'runs on'],
      lines.map(({ name, runsOn, milliseconds, rate }) => [
        ...[model, size, batchSize, name],
        ...[round(rate), round(milliseconds), runsOn],
      ]),
      { keys: 4 },
    )
  }
  return rows
}

const round = (value) => Math.round(value * 100) / 100
