// Times convkit and its peers side by side. Usage: npm run bench -- training [--json] [--rounds 5] [--case <text>]

import { parseArgs } from 'node:util'

const suites = {
  training: () => import('./training.mjs'),
  startup: () => import('./startup.mjs'),
  memory: () => import('./memory.mjs'),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '3' },
    case: { type: 'string', default: '' },
  },
})
const [name = 'training'] = positionals
if (!Object.hasOwn(suites, name)) {
  console.error(`There is no benchmark ${name}; choose one of ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}

const { run } = await suites[name]()
const log = (line) => console.error(line)
const rows = await run({ rounds: Number(values.rounds), steps: Number(values.steps), only: values.case, log })
if (values.json) console.log(JSON.stringify({ rows }))
