import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCheckpoint } from '@convkit/core/node'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkpoint } from './checkpoint.js'
import { endEpoch, fakeContext, saveIfAsked } from './testing/fake-context.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true }))

const weightOf = async (name: string) => (await readCheckpoint(join(folder, name))).model.get('w')?.data[0]

async function train(callback: ReturnType<typeof checkpoint>, values: readonly number[]) {
  const context = fakeContext({ epochs: values.length })
  await callback.onTrainBegin?.(context)
  for (const val_loss of values) {
    context.weightsNow++
    await endEpoch([callback], { loss: 1, val_loss }, context)
  }
}

test('keeps the best and the last epoch', async () => {
  await train(checkpoint({ folder }), [3, 1, 2])
  expect((await readdir(folder)).sort()).toEqual(['best', 'last'])
  expect([await weightOf('best'), await weightOf('last')]).toEqual([2, 3])
  expect((await readCheckpoint(join(folder, 'last'))).progress.history).toHaveLength(3)
})

test('keeps only what is asked for, every so many epochs', async () => {
  await train(checkpoint({ folder, best: false, everyEpochs: 2 }), [3, 1, 2])
  expect(await readdir(folder)).toEqual(['last'])
  expect(await weightOf('last')).toBe(2)
  await rm(join(folder, 'last'), { recursive: true })
  await train(checkpoint({ folder, last: false, monitor: 'val_loss', mode: 'max' }), [1, 3, 2])
  expect(await readdir(folder)).toEqual(['best'])
  expect(await weightOf('best')).toBe(2)
})

test('saves every so many steps or minutes, and when another callback asks', async () => {
  const saved: number[] = []
  let minutes = 0
  const now = () => minutes * 60_000
  const onSave = async () => void saved.push(minutes)
  const callback = checkpoint({ folder, everySteps: 4, everyMinutes: 10, now, onSave })
  const context = fakeContext()
  await callback.onTrainBegin?.(context)
  for (let batch = 0; batch < 8; batch++) {
    minutes = batch === 1 ? 12 : minutes + 1
    if (batch === 5) context.control.save = true
    await callback.onBatchEnd?.(batch, { loss: 1 }, context)
    await saveIfAsked([callback], context)
  }
  // step 2 after twelve minutes, step 4, step 6 on request, step 8
  expect(saved).toEqual([12, 14, 16, 18])
})

test('tells where a checkpoint was written', async () => {
  const folders: string[] = []
  await train(checkpoint({ folder, onSave: (path) => void folders.push(path) }), [1, 2])
  expect(folders).toEqual(['best', 'last', 'last'].map((name) => join(folder, name)))
})
