import { mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newestCheckpoint } from '@convkit/core/node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { run } from '../program.js'
import { interruptedHost } from '../testing/interrupted-host.js'
import { paintImages } from '../testing/paint-images.js'
import { convkit, testHost } from '../testing/test-host.js'

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>()
  return { ...fs, statfs: vi.fn(fs.statfs) }
})

let folder: string
let data: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-full-'))
  data = await paintImages(join(folder, 'photos'), { blue: 3, green: 3 })
})
afterAll(() => rm(folder, { recursive: true }))

const quick = '--model lenet5 --epochs 2 --batch-size 2 --validation 0.34 --engine reference'.split(' ')

test('a run whose disk fills up says so, keeps its checkpoint, and goes on when there is room', {
  timeout: 60_000,
}, async () => {
  const asked = vi.mocked(statfs)
  const real = asked.getMockImplementation() as typeof statfs
  const host = testHost()
  const out = join(folder, 'full')
  // Room for a line of a log, not for a checkpoint, from the second epoch on.
  const filling = interruptedHost(host, (step) => {
    if (step !== 3) return
    asked.mockImplementation((async () => ({
      bavail: 4000,
      bsize: 1,
      blocks: 1,
    })) as unknown as typeof statfs)
  })
  expect(await run(['train', data, '--out', out, ...quick], filling)).toBe(1)
  const path = join(out, 'train-1')
  expect(host.written.stderr).toMatch(
    new RegExp(
      `^Error {4}The disk is full: .*checkpoints/(best|last) needs \\d{6} bytes, and 4000 are free; make room there\\..*; resume with: convkit train --resume ${path} \\(E_DISK_FULL\\)\\n$`,
    ),
  )
  expect((await readdir(join(path, 'checkpoints'))).sort()).toEqual(['best', 'last'])
  expect((await newestCheckpoint(path)).snapshot.progress.globalStep).toBe(2)

  asked.mockImplementation(real)
  expect(await convkit('train', '--resume', path)).toMatchObject({ code: 0, stderr: '' })
  expect(await convkit('train', data, '--out', join(folder, 'whole'), ...quick)).toMatchObject({ code: 0 })
  const weightsOf = (name: string) => readFile(join(name, 'model', 'model.safetensors'))
  expect((await weightsOf(path)).equals(await weightsOf(join(folder, 'whole', 'train-1')))).toBe(true)
})
