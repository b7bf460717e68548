import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newestCheckpoint } from '@convkit/core/node'
import { fit, sgd } from '@convkit/train'
import { expect, test } from 'vitest'
import { checkpoint } from './checkpoint.js'
import { terminateOnNaN } from './terminate-on-nan.js'
import { fakeContext } from './testing/fake-context.js'
import { tinyTraining } from './testing/tiny-training.js'

test('a finite loss goes on', async () => {
  const context = fakeContext()
  await terminateOnNaN().onBatchEnd?.(0, { loss: 1e30 }, context)
  expect(context.control.stop).toBe(false)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'stop: says where the loss became %d and cancels the save',
  async (loss) => {
    const callback = terminateOnNaN()
    const context = fakeContext()
    context.control.save = true
    await callback.onEpochBegin?.(2, context)
    await callback.onBatchEnd?.(6, { loss }, context)
    expect(context.control).toEqual({
      stop: `the loss is ${loss} at step 7 of epoch 3`,
      save: false,
      evaluate: false,
    })
  },
)

test('throw: fails with a remedy', async () => {
  await expect(
    terminateOnNaN({ action: 'throw' }).onBatchEnd?.(0, { loss: Number.NaN }, fakeContext()),
  ).rejects.toMatchObject({
    code: 'E_NAN',
    message: expect.stringContaining('lower the learning rate'),
  })
})

test("rollback: puts the weights of the epoch's beginning back and stops", async () => {
  const callback = terminateOnNaN({ action: 'rollback' })
  const context = fakeContext()
  context.weightsNow = 5
  await callback.onEpochBegin?.(0, context)
  context.weightsNow = Number.NaN
  await callback.onBatchEnd?.(0, { loss: Number.NaN }, context)
  expect(context.weightsNow).toBe(5)
  expect(context.control.stop).toContain("the weights of the epoch's beginning are back")
})

test.each(['stop', 'rollback'] as const)(
  '%s: a training that diverges ends in the step, and its last checkpoint is a finite one',
  async (action) => {
    const folder = await mkdtemp(join(tmpdir(), 'convkit-nan-'))
    const { model, train } = await tinyTraining()
    const saved: number[] = []
    const { steps, stopped } = await fit(model, train, {
      epochs: 3,
      batchSize: 4,
      optimizer: sgd({ learningRate: 1e30 }),
      callbacks: [
        checkpoint({
          folder: join(folder, 'checkpoints'),
          everySteps: 1,
          onSave: (_, { progress }) => void saved.push(progress.globalStep),
        }),
        terminateOnNaN({ action }),
      ],
    })
    expect(stopped).toMatch(/^the loss is (NaN|Infinity) at step \d of epoch \d/)
    expect(saved.length).toBeLessThan(steps)
    const { snapshot } = await newestCheckpoint(folder)
    expect(snapshot.progress.globalStep).toBe(saved.at(-1))
    expect([...snapshot.model.values()].every(({ data }) => data.every(Number.isFinite))).toBe(true)
    await rm(folder, { recursive: true })
  },
)
