// Resident memory over many training steps: it must not grow.

import { fileURLToPath } from 'node:url'
import { start } from './contestant.mjs'
import { writeCsv } from './csv.mjs'

const cases = [{ model: 'resnet18', size: 224, batchSize: 16, engine: 'onnx', memory: true }]
const total = 200

export async function run({ only, log }) {
  const rows = []
  for (const options of cases.filter(({ model }) => model.includes(only))) {
    const script = fileURLToPath(new URL('contestants/training.mjs', import.meta.url))
    const contestant = await start(options.engine, process.execPath, [script, JSON.stringify(options)])
    const megabytes = await contestant.ask(total)
    contestant.stop()
    const mean = (values) => Math.round(values.reduce((a, b) => a + b, 0) / values.length)
    const [early, late] = [mean(megabytes.slice(20, 60)), mean(megabytes.slice(-40))]
    rows.push({
      case: `${options.model}, ${total} steps`,
      convkit: { early, late, peak: Math.round(Math.max(...megabytes)) },
      peers: {},
    })
    log(`${options.model}: ${early} MB in steps 20 to 60, ${late} MB in the last 40 of ${total} steps`)
  }
  await writeCsv(
    'memory',
    ['case', 'early MB', 'late MB', 'peak MB'],
    rows.map(({ case: name, convkit }) => [name, convkit.early, convkit.late, convkit.peak]),
  )
  return rows
}
