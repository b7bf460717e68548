// Measures convkit and its peers side by side; README.md beside this file says how to read the results.
// Usage: npm run bench -- [training|precision|gpu|inference|memory|startup|process|loader|profile|transfer] [--case <text>] [--contestant <text>]
//   [--rounds 5] [--steps 3] [--photos <folder>] [--json]
//   transfer: --data <folder> --weights <weights> [--model mobilenetv1_100] [--per-class 200] [--epochs 5] [--preprocessing <JSON>] [--mirror]

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
  transfer: () => import('./suites/transfer.mjs'),
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
    data: { type: 'string' },
    weights: { type: 'string' },
    model: { type: 'string', default: 'mobilenetv1_100' },
    'per-class': { type: 'string', default: '200' },
    epochs: { type: 'string', default: '5' },
    'batch-size': { type: 'string', default: '32' },
    preprocessing: { type: 'string', default: '{}' },
    mirror: { type: 'boolean', default: false },
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
  transfer: {
    model: values.model,
    weights: values.weights,
    data: values.data,
    perClass: Number(values['per-class']),
    epochs: Number(values.epochs),
    batchSize: Number(values['batch-size']),
    preprocessing: JSON.parse(values.preprocessing),
    mirror: values.mirror,
  },
  photos: values.photos,
  log: (line) => console.error(line),
})
if (values.json) console.log(JSON.stringify({ rows }))
