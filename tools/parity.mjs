// Runs the slow comparisons with Python peers, or says why there are none. Arguments go to vitest.

import { spawnSync } from 'node:child_process'
import { python } from './python.mjs'

const peer = python()
if (peer.missing) {
  console.log(`Parity was not tested: there is no Python with torch and timm (${peer.missing}).`)
  process.exit(0)
}
const { status } = spawnSync('vitest', ['run', '--project', 'parity', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, CONVKIT_PYTHON: peer.path },
})
process.exit(status ?? 1)
