import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/convkit.js', import.meta.url))

export interface Result {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder of its own for a test file. */
export const makeFolder = () => mkdtemp(join(tmpdir(), 'convkit-e2e-'))

/** Runs the built command, as a user has it, until it ends. */
export async function convkit(cwd: string, ...argv: readonly string[]): Promise<Result> {
  return start(cwd, argv).result
}

/** Starts the built command. `printed` waits for a text on standard output. */
export function start(cwd: string, argv: readonly string[]) {
  // what an earlier command of the user has cached is not there
  const env = { PATH: process.env.PATH, XDG_CACHE_HOME: join(cwd, '.cache') }
  const child = spawn(process.execPath, [bin, ...argv], { cwd, env })
  const text = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (text.stdout += chunk))
  child.stderr.on('data', (chunk) => (text.stderr += chunk))
  const result = once(child, 'close').then(([code]): Result => ({ code, ...text }))
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(text.stdout)) {
      const ended = await Promise.race([
        once(child.stdout, 'data').then(() => false),
        result.then(() => true),
      ])
      if (ended && !pattern.test(text.stdout))
        throw new Error(`ended without ${pattern}: ${text.stdout}${text.stderr}`)
    }
  }
  return { child, result, printed }
}
