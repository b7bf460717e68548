import { mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { floatTensor } from '../tensors.js'
import type { TrainingSnapshot } from '../training.js'
import { readCheckpoint, writeCheckpoint } from './checkpoint.js'
import { withDiskSpace } from './disk-space.js'
import { writeFileAtomically } from './write-file.js'

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>()
  return { ...fs, statfs: vi.fn(fs.statfs) }
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-space-'))
})
afterEach(async () => {
  vi.mocked(statfs).mockReset()
  await rm(folder, { recursive: true, force: true })
})

/** As if the disk had so many bytes left. */
function leave(bytes: number) {
  vi.mocked(statfs).mockImplementation((async () => ({
    bavail: bytes,
    bsize: 1,
    blocks: 1000,
  })) as unknown as typeof statfs)
}

const snapshot = (globalStep: number): TrainingSnapshot => ({
  model: new Map([['w', floatTensor([1000], new Float32Array(1000).fill(globalStep))]]),
  optimizer: new Map(),
  progress: { epoch: 0, step: globalStep, globalStep, metrics: {}, history: [], callbacks: {} },
})

test('a checkpoint that has no room says so, leaves nothing behind, and the one before stays', async () => {
  const target = join(folder, 'last')
  await writeCheckpoint(target, snapshot(1))
  leave(3000)
  await expect(writeCheckpoint(target, snapshot(2))).rejects.toMatchObject({
    code: 'E_DISK_FULL',
    message: expect.stringMatching(
      /The disk is full: .*last needs 4\d{3} bytes, and 3000 are free; make room/,
    ),
  })
  expect(await readdir(folder)).toEqual(['last'])
  expect(await readCheckpoint(target)).toEqual(snapshot(1))
})

test('so does a write that finds the disk full on its way', async () => {
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  leave(5000)
  await expect(
    withDiskSpace(join(folder, 'new', 'file'), 10, () => Promise.reject(full)),
  ).rejects.toMatchObject({
    code: 'E_DISK_FULL',
    message: expect.stringContaining('needs 10 bytes, and 5000 are free'),
    cause: full,
  })
})

test('another failure is passed on', async () => {
  const denied = Object.assign(new Error('denied'), { code: 'EACCES' })
  await expect(withDiskSpace(folder, 10, () => Promise.reject(denied))).rejects.toBe(denied)
})

test('a file is replaced whole, or not at all', async () => {
  const file = join(folder, 'a', 'metrics.csv')
  await writeFileAtomically(file, 'first')
  leave(3)
  await expect(writeFileAtomically(file, 'second')).rejects.toMatchObject({ code: 'E_DISK_FULL' })
  expect(await readFile(file, 'utf8')).toBe('first')
  expect(await readdir(join(folder, 'a'))).toEqual(['metrics.csv'])
})
