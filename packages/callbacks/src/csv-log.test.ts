import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { csvLog } from './csv-log.js'
import { endEpoch, fakeContext } from './testing/fake-context.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-csv-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a row an epoch; values that an epoch lacks are empty', async () => {
  const file = join(folder, 'logs', 'metrics.csv')
  const context = fakeContext()
  await endEpoch([csvLog({ file })], { loss: 0.5, lr: 0.1 }, context)
  await endEpoch([csvLog({ file })], { loss: Number.NaN, lr: 0.1, val_loss: 0.25 }, context)
  expect(await readFile(file, 'utf8')).toBe('epoch,loss,lr,val_loss\n1,0.5,0.1,\n2,NaN,0.1,0.25\n')
  expect(await readdir(join(folder, 'logs'))).toEqual(['metrics.csv'])
})

test('a resumed run has each epoch once, though the file was ahead of the checkpoint', async () => {
  const file = join(folder, 'metrics.csv')
  const killed = fakeContext()
  for (const loss of [3, 2, 1.5]) await endEpoch([csvLog({ file })], { loss }, killed)
  const resumed = fakeContext({ history: [{ loss: 3 }] })
  for (const loss of [2, 1]) await endEpoch([csvLog({ file })], { loss }, resumed)
  expect(await readFile(file, 'utf8')).toBe('epoch,loss\n1,3\n2,2\n3,1\n')
})
