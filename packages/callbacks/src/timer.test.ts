import { fit } from '@convkit/train'
import { expect, test } from 'vitest'
import { lambda } from './lambda.js'
import { learningRate } from './learning-rate.js'
import { tinyTraining } from './testing/tiny-training.js'
import { timer } from './timer.js'

/** Time passes in hooks alone: ten seconds a step, one an evaluation. */
function clock() {
  let now = 0
  const hooks = lambda({
    name: 'clock',
    onBatchBegin: () => {
      now += 10_000
    },
    onEvaluateBatch: () => {
      now += 500
    },
  })
  return { now: () => now, hooks }
}

test('timer: where the time went, before a resume too', async () => {
  const { model, train, validation } = await tinyTraining()
  const { now, hooks } = clock()
  const watch = timer({ now })
  let kept: unknown
  await fit(model, train, {
    validation,
    epochs: 2,
    batchSize: 4,
    callbacks: [
      hooks,
      watch,
      lambda({
        onTrainEnd: () => {
          kept = watch.save?.()
        },
      }),
    ],
  })
  expect(watch.seconds()).toEqual({ steps: 60, evaluation: 2, total: 62 })
  const later = timer({ now })
  later.restore?.(JSON.parse(JSON.stringify(kept)))
  expect(later.seconds()).toEqual({ steps: 60, evaluation: 2, total: 62 })
})

test('timer: ends a training whose time is up, with a checkpoint', async () => {
  const { model, train } = await tinyTraining()
  const { now, hooks } = clock()
  let saves = 0
  const { steps, stopped } = await fit(model, train, {
    epochs: 9,
    batchSize: 4,
    callbacks: [hooks, timer({ minutes: 1, now }), lambda({ onSave: () => void saves++ })],
  })
  expect({ steps, stopped, saves }).toEqual({ steps: 6, stopped: '1 minute is over', saves: 1 })
})

test('lambda and learningRate: functions of one’s own', async () => {
  const { model, train } = await tinyTraining()
  const rates: unknown[] = []
  await fit(model, train, {
    epochs: 2,
    batchSize: 12,
    callbacks: [
      learningRate({ schedule: ({ step }) => 1 / (step + 1) }),
      lambda({ onEpochEnd: (_epoch, { lr }) => void rates.push(lr) }),
    ],
  })
  expect(rates).toEqual([0.01, 0.005])
})
