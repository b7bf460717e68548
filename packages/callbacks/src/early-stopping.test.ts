import { floatTensor } from '@convkit/core'
import { expect, test } from 'vitest'
import { type EarlyStoppingOptions, earlyStopping } from './early-stopping.js'
import { endEpoch, fakeContext } from './testing/fake-context.js'

/** Trains until the callback stops or the values run out; weights are the epoch's number. */
async function run(
  values: readonly number[],
  options: EarlyStoppingOptions = {},
  key = 'val_loss',
  done: readonly number[] = [],
) {
  const callback = earlyStopping({ monitor: key, ...options })
  const context = fakeContext({ history: done.map((value) => ({ [key]: value })) })
  await callback.onTrainBegin?.(context)
  for (const value of values) {
    context.weightsNow = context.history.length + 1
    await endEpoch([callback], { [key]: value }, context)
    if (context.control.stop) break
  }
  await callback.onTrainEnd?.({}, context)
  return { epochs: context.history.length, stop: context.control.stop, weights: context.weightsNow }
}

test('stops after patience epochs without improvement and restores the best weights', async () => {
  expect(await run([3, 2, 1, 1.5, 1.2, 1.1, 0.5], { patience: 3 })).toEqual({
    epochs: 6,
    stop: 'val_loss has not improved for 3 epochs',
    weights: 3,
  })
})

test('restores the best weights of a run that was not stopped, or keeps the last ones', async () => {
  expect(await run([3, 1, 2])).toEqual({ epochs: 3, stop: false, weights: 2 })
  expect(await run([3, 1, 2], { restoreBest: false })).toEqual({ epochs: 3, stop: false, weights: 3 })
})

test('by its name, an accuracy is better when larger; mode overrides', async () => {
  expect(await run([0.1, 0.9, 0.5, 0.6], { patience: 2 }, 'val_top1')).toMatchObject({
    epochs: 4,
    weights: 2,
  })
  expect(await run([0.9, 0.1, 0.5, 0.6], { patience: 2, mode: 'min' }, 'val_top1')).toMatchObject({
    epochs: 4,
    weights: 2,
  })
})

test('minDelta: smaller changes do not reset patience, yet the best weights are the best', async () => {
  expect(await run([1, 0.99, 0.98, 0.97], { patience: 2, minDelta: 0.1 })).toMatchObject({
    epochs: 3,
    weights: 3,
  })
})

test('baseline: improvements short of it do not reset patience', async () => {
  expect(await run([5, 4, 3, 2], { patience: 3, baseline: 1 })).toMatchObject({ epochs: 3 })
  expect(await run([5, 0.9, 0.8, 0.7], { patience: 3, baseline: 1 })).toMatchObject({
    epochs: 4,
    stop: false,
  })
})

test('startFromEpoch: earlier epochs are not looked at', async () => {
  expect(await run([0.1, 0.2, 5, 4, 3], { patience: 1, startFromEpoch: 2 })).toEqual({
    epochs: 5,
    stop: false,
    weights: 5,
  })
})

test('NaN is no improvement, not even on nothing', async () => {
  expect(await run([Number.NaN, 2, Number.NaN, Number.NaN], { patience: 2 })).toMatchObject({
    epochs: 4,
    weights: 2,
  })
})

test('a resumed run counts on and restores the weights it is given', async () => {
  const bestWeights = async () => new Map([['w', floatTensor([1], Float32Array.of(42))]])
  expect(await run([2, 3, 0.1], { patience: 3, bestWeights }, 'val_loss', [2, 1, 1.5])).toEqual({
    epochs: 5,
    stop: 'val_loss has not improved for 3 epochs',
    weights: 42,
  })
  expect(await run([0.5], { patience: 3, bestWeights }, 'val_loss', [2, 1])).toMatchObject({ weights: 3 })
})

test('a run that was killed between its stop and its end stops at once when resumed', async () => {
  const bestWeights = async () => new Map([['w', floatTensor([1], Float32Array.of(42))]])
  const context = fakeContext({ history: [{ val_loss: 1 }, { val_loss: 2 }, { val_loss: 3 }] })
  await earlyStopping({ patience: 2, bestWeights }).onTrainBegin?.(context)
  expect(context.control.stop).toBe('val_loss has not improved for 2 epochs')
})

test('a resumed run without access to its best weights is refused at its start', async () => {
  await expect(run([1], {}, 'val_loss', [2])).rejects.toMatchObject({ code: 'E_RESUME' })
  expect(await run([1], { restoreBest: false }, 'val_loss', [2])).toMatchObject({ epochs: 2 })
})

test('a value that is not logged is an error that names those that are', async () => {
  const callback = earlyStopping()
  await expect(endEpoch([callback], { loss: 1, top1: 0.5 }, fakeContext())).rejects.toThrow(
    'earlyStopping watches val_loss, but the epoch logged loss, top1: pass a validation set, or monitor one of these',
  )
})
