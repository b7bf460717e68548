// Predictions in milliseconds a call, one image and 32 at once: `model.infer` and a bare session beside PyTorch, and
// beside ONNX Runtime with the network that PyTorch exports.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { python, runPython } from '../../tools/python.mjs'
import { cases, describeCase } from '../cases.mjs'
import { race } from '../contestant.mjs'
import { writeCsv } from '../csv.mjs'
import { bySide, inference, startAll } from '../line-up.mjs'

const batchSizes = [1, 32]

export async function run({ rounds, steps, isWanted, only, log }) {
  const rows = []
  const folder = await mkdtemp(join(tmpdir(), 'convkit-bench-'))
  const all = cases.flatMap((options) => batchSizes.map((batchSize) => ({ ...options, batchSize })))
  for (const options of all.filter((options) => isWanted(describeCase(options)))) {
    const name = describeCase(options)
    const { model, size, batchSize } = options
    const path = join(folder, 'exported.onnx')
    if (python().path)
      runPython(new URL('../contestants/export_onnx.py', import.meta.url).pathname, [
        JSON.stringify({ ...options, path }),
      ])
    const contestants = await startAll(inference, { ...options, path }, { only, log })
    // One image is quick: many at once are timed more exactly.
    const medians = await race(contestants, { rounds, steps: batchSize === 1 ? 10 * steps : steps, log })
    for (const contestant of contestants) contestant.stop()

    const finished = contestants.filter(({ name }) => medians.has(name))
    for (const [contestant, milliseconds] of medians) {
      log(`${name}  ${contestant.padEnd(24)} ${milliseconds.toFixed(1).padStart(8)} ms`)
    }
    rows.push({
      case: name,
      ...bySide(
        inference,
        [...medians].map(([name, ms]) => [name, round(ms)]),
      ),
    })
    await writeCsv(
      'inference',
      ['model', 'size', 'batch', 'contestant', 'ms a call', 'images per second', 'runs on'],
      finished.map(({ name, runsOn }) => {
        const milliseconds = medians.get(name)
        return [
          model,
          size,
          batchSize,
          name,
          round(milliseconds),
          round((1000 * batchSize) / milliseconds),
          runsOn,
        ]
      }),
      { keys: 4 },
    )
  }
  await rm(folder, { recursive: true })
  return rows
}

const round = (value) => Math.round(value * 100) / 100
