import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Callback,
  type FloatTensor,
  floatTensor,
  type Logs,
  type Model,
  type TrainingSnapshot,
} from '@convkit/core'
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

test.each([{ factor: 0 }, { factor: 1 }, { limit: -1 }, { limit: 0.5 }])('refuses %o', (options) => {
  expect(() => terminateOnNaN(options)).toThrow(expect.objectContaining({ code: 'E_OPTION' }))
})

test('stop: a training that diverges ends in the step, and its last checkpoint is a finite one', async () => {
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
      terminateOnNaN(),
    ],
  })
  expect(stopped).toMatch(/^the loss is (NaN|Infinity) at step \d of epoch \d/)
  expect(saved.length).toBeLessThan(steps)
  const { snapshot } = await newestCheckpoint(folder)
  expect(snapshot.progress.globalStep).toBe(saved.at(-1))
  expect(areFinite(snapshot.model)).toBe(true)
  await rm(folder, { recursive: true })
})

const diverging = { epochs: 3, batchSize: 4, optimizer: sgd({ learningRate: 1e30, momentum: 0.9 }) }

test("rollback: goes back to the epoch's beginning and on with a lower rate, as if it had been that from the start", async () => {
  const problems: string[] = []
  const after = await tinyTraining()
  const rolledBack = await fit(after.model, after.train, {
    ...diverging,
    callbacks: [
      terminateOnNaN({ action: 'rollback', factor: 1e-32, onRollback: (each) => void problems.push(each) }),
    ],
  })
  const never = await tinyTraining()
  const lower = await fit(never.model, never.train, {
    ...diverging,
    optimizer: sgd({ learningRate: 1e30 * 1e-32, momentum: 0.9 }),
  })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(
    /^the loss is (NaN|Infinity) at step \d of epoch 1; back to the epoch's beginning/,
  )
  expect(rolledBack.stopped).toBeUndefined()
  expect(rolledBack.history.map(withoutTimes)).toEqual(lower.history.map(withoutTimes))
  expect([...after.model.weights]).toEqual([...never.model.weights])
})

test('rollback: ends with finite weights when lower rates do not help', async () => {
  const { model, train } = await tinyTraining()
  const { stopped, history } = await fit(model, train, {
    ...diverging,
    callbacks: [terminateOnNaN({ action: 'rollback', factor: 0.9, limit: 2 })],
  })
  expect(stopped).toMatch(/of epoch 1 after 2 rollbacks; the weights of the epoch's beginning are back$/)
  expect(history).toEqual([])
  expect(areFinite(model.weights)).toBe(true)
})

test('rollback: a validation loss that is not finite goes back too', async () => {
  const { model, train, validation } = await tinyTraining()
  const context: string[] = []
  const { epochs } = await fit(model, train, {
    ...diverging,
    optimizer: sgd({ learningRate: 0.01 }),
    validation,
    callbacks: [
      {
        name: 'spoil',
        async onEvaluateBegin({ weights, setWeights }) {
          if (context.length > 0) return
          await setWeights(new Map([...(await weights())].map(([name, each]) => [name, spoilt(each)])))
        },
      },
      terminateOnNaN({ action: 'rollback', onRollback: (each) => void context.push(each) }),
    ],
  })
  expect(context).toEqual([expect.stringMatching(/^the validation loss is NaN in epoch 1; back/)])
  expect(epochs).toBe(3)
  expect(areFinite(model.weights)).toBe(true)
})

test('a resumed training keeps the lower rate', async () => {
  const { model, train } = await tinyTraining()
  const snapshots: TrainingSnapshot[] = []
  const options = () => ({
    ...diverging,
    callbacks: [
      terminateOnNaN({ action: 'rollback', factor: 1e-32 }),
      { name: 'keep', onEpochEnd: async (_, __, context) => void snapshots.push(await context.snapshot()) },
    ] satisfies Callback[],
  })
  const whole = await fit(model, train, options())
  const again = await tinyTraining()
  const resumed = await fit(again.model, again.train, { ...options(), resume: snapshots[0] })
  expect(resumed.history.map(withoutTimes)).toEqual(whole.history.map(withoutTimes))
})

const areFinite = (tensors: Model['weights']) =>
  [...tensors.values()].every(({ data }) => data.every(Number.isFinite))

const spoilt = ({ shape, data }: FloatTensor) =>
  floatTensor(
    shape,
    data.map(() => Number.NaN),
  )

const withoutTimes = ({ seconds: _, imagesPerSecond: __, ...logs }: Logs) => logs
