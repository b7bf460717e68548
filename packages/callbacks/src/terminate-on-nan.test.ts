import { expect, test } from 'vitest'
import { terminateOnNaN } from './terminate-on-nan.js'
import { fakeContext } from './testing/fake-context.js'

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
