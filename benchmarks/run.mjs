// Measures convkit and its peers side by side; README.md beside this file says how to read the results.
// Usage: npm run bench -- [training|precision|gpu|inference|memory|startup|process|loader|profile] [--case <text>] [--contestant <text>]
//   [--rounds 5] [--steps 3] [--photos <folder>] [--json]

import { parseArgs } from 'node:util'

const suites = {
  training: () => import('./suites/training.mjs'),
  precision: () => import('./suites/precision.mjs'),
  gpu: () => import('./suites/gpu.mjs'),
  inference: () => import('./suites/inference.mjs'),
  memory: () => import('./suites/memory.mjs'),
  startup: () => import('./suites/startup.mjs'),
  process: () => import('./suites/process.mjs'),
  loader: () => import('./suites/loader.mjs'),
  profile: () => import('./suites/profile.mjs'),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '3' },
    case: { type: 'string', default: '' },
    photos: { type: 'string' },
    contestant: { type: 'string', default: '' },
  },
})
const [name = 'training'] = positionals
if (!Object.hasOwn(suites, name)) {
  console.error(`There is no benchmark ${name}; choose one of ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}

const { run } = await suites[name]()
const rows = await run({
  rounds: Number(values.rounds),
  steps: Number(values.steps),
  isWanted: (description) => description.includes(values.case),
  only: values.contestant,
  photos: values.photos,
  log: (line) => console.error(line),
})
if (values.json) console.log(JSON.stringify({ rows }))
