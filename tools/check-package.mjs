// Checks the package in the current folder as npm would publish it: publint (strict) and Are The Types Wrong
// read one packed tarball.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const shell = process.platform === 'win32'
const folder = mkdtempSync(join(tmpdir(), 'convkit-pack-'))
try {
  execFileSync('pnpm', ['pack', '--pack-destination', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell,
  })
  const tarball = join(folder, readdirSync(folder)[0])
  const checks = [
    ['publint', 'run', tarball, '--strict'],
    ['attw', tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'],
  ]
  for (const [command, ...args] of checks) {
    if (spawnSync(command, args, { stdio: 'inherit', shell }).status !== 0) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}
