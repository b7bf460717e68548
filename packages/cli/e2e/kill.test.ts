import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { random } from '@convkit/core'
import { newestCheckpoint } from '@convkit/core/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder } from './convkit.js'

const writer = fileURLToPath(new URL('./write-checkpoints.mjs', import.meta.url))
const kills = 100

let folder: string
beforeAll(async () => {
  folder = await makeFolder()
})
afterAll(() => rm(folder, { recursive: true }))

/** Writes checkpoints until it is killed, so many milliseconds after the first one; gives the last one that was safe. */
async function writeUntilKilled(run: string, milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, [writer, run], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const ended = once(child, 'close')
  await once(child.stdout, 'data')
  await sleep(milliseconds)
  child.kill('SIGKILL')
  await ended
  return Number(text.trim().split('\n').at(-1))
}

test(`${kills} kills while checkpoints are written lose at most the step in hand`, {
  timeout: 240_000,
}, async () => {
  const run = join(folder, 'run')
  const moments = random(1, 'kills')
  let inTheMiddle = 0
  // Enough of the kills must fall into writes, however fast the machine is.
  for (let kill = 0; kill < kills || inTheMiddle < kills / 4; kill++) {
    const safe = await writeUntilKilled(run, 40 * moments.uniform(kill))
    const names = await readdir(join(run, 'checkpoints'))
    if (names.join() !== 'last') inTheMiddle++
    const { snapshot } = await newestCheckpoint(run)
    const { globalStep } = snapshot.progress
    // the step in hand may be on the disk, though nobody was told
    expect([safe, safe + 1]).toContain(globalStep)
    for (const tensors of [snapshot.model, snapshot.optimizer])
      expect(tensors.get('w')?.data.every((value) => value === globalStep)).toBe(true)
  }
})
