// Runs the tests of the TensorFlow engine; makes its native binding first, as a user would, and fails without one.
// Arguments go to vitest.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const convkit = fileURLToPath(new URL('../packages/cli/bin/convkit.js', import.meta.url))
const run = (command, args) =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1

const setup = run(process.execPath, [convkit, 'setup', 'tensorflow'])
process.exit(setup || run('vitest', ['run', '--project', 'tensorflow', ...process.argv.slice(2)]))
