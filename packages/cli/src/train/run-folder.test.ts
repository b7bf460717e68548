import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { createRunFolder } from './run-folder.js'

test('numbers count up from the largest, also when runs begin at the same time', async () => {
  const out = await mkdtemp(join(tmpdir(), 'convkit-runs-'))
  await mkdir(join(out, 'train-7'))
  await mkdir(join(out, 'train-x'))
  const made = await Promise.all([1, 2, 3].map(() => createRunFolder(out)))
  expect(made.map(({ path }) => basename(path)).sort()).toEqual(['train-10', 'train-8', 'train-9'])
  await rm(out, { recursive: true })
})
