import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logs, Model, TensorMap } from '@convkit/core'
import { readCheckpoint } from '@convkit/core/node'
import { fit, sgd, step } from '@convkit/train'
import { expect, test } from 'vitest'
import { checkpoint } from './checkpoint.js'
import { csvLog } from './csv-log.js'
import { earlyStopping } from './early-stopping.js'
import { lambda } from './lambda.js'
import { learningRate } from './learning-rate.js'
import { progress } from './progress.js'
import { simpleLog } from './simple-log.js'
import { recorder } from './testing/fake-context.js'
import { tinyTraining } from './testing/tiny-training.js'

const valuesOf = (weights: Model['weights']) => [...weights].map(([name, { data }]) => [name, ...data])

test('callbacks that log, stop, save and slow down work on one training', { timeout: 30_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'convkit-callbacks-'))
  const { model, train, validation } = await tinyTraining()
  const output = recorder()
  const rates: Logs[] = []
  const bestWeights: TensorMap[] = []
  const { history, stopped } = await fit(model, train, {
    epochs: 9,
    batchSize: 4,
    optimizer: sgd({ learningRate: 0.01 }),
    validation,
    callbacks: [
      progress({ output, env: {} }),
      simpleLog({ output, env: {}, metrics: { loss: 'loss', validated: 'val_loss', rate: 'lr' }, every: 2 }),
      lambda({
        onBatchEnd: (_, logs) => void rates.push(logs),
        onEpochEnd: async (epoch, _, context) => {
          if (epoch === 1) bestWeights.push(await context.weights())
        },
      }),
      // From the third epoch on, each is worse than the one before.
      learningRate({ schedule: ({ step: at, stepsPerEpoch }) => (at < 2 * stepsPerEpoch ? 1 : -1) }),
      earlyStopping({ patience: 3 }),
      csvLog({ file: join(folder, 'metrics.csv') }),
      checkpoint({ folder: join(folder, 'checkpoints'), everySteps: 2 }),
    ],
  })
  expect(stopped).toBe('val_loss has not improved for 3 epochs')
  expect(history).toHaveLength(5)
  expect(rates.map(({ lr }) => lr)).toEqual([...Array(6).fill(0.01), ...Array(9).fill(-0.01)])
  expect(valuesOf(model.weights)).toEqual(valuesOf(bestWeights[0] as TensorMap))

  const lines = output.text.trimEnd().split('\n')
  expect(lines[0]).toBe('Training: start')
  expect(lines[1]).toBe('epoch    loss  validated     rate')
  expect(lines.slice(2, -1).map((line) => line.trim().split(/ +/)[0])).toEqual(['1/9', '2/9', '4/9', '5/9'])
  expect(lines[3]).toMatch(/^ {2}2\/9 {2}\d\.\d{4} +\d\.\d{4} +1\.0e-2 {2}best$/)
  expect(lines.at(-1)).toBe('Training: end')

  const [header, ...rows] = (await readFile(join(folder, 'metrics.csv'), 'utf8')).trim().split('\n')
  expect(header?.split(',')).toEqual(expect.arrayContaining(['epoch', 'loss', 'val_loss', 'lr']))
  expect(rows).toHaveLength(5)
  const best = await readCheckpoint(join(folder, 'checkpoints/best'))
  expect(valuesOf(best.model)).toEqual(valuesOf(model.weights))
  expect((await readCheckpoint(join(folder, 'checkpoints/last'))).progress.epoch).toBe(5)
  await rm(folder, { recursive: true })
})

test('a schedule as a callback multiplies that of fit, with its warm-up', async () => {
  const { model, train } = await tinyTraining()
  const rates: (number | undefined)[] = []
  await fit(model, train, {
    epochs: 2,
    batchSize: 4,
    optimizer: sgd({ learningRate: 0.1 }),
    schedule: step({ every: 1, gamma: 0.1, warmup: { steps: 2 } }),
    callbacks: [
      learningRate({ schedule: ({ step: at }) => 1 / (at + 1) }),
      lambda({ onBatchEnd: (_, { lr }) => void rates.push(lr) }),
    ],
  })
  const steps = [0.5, 1, 1, 0.1, 0.1, 0.1]
  rates.forEach((rate, at) => {
    expect(rate).toBeCloseTo((0.1 * (steps[at] as number)) / (at + 1), 10)
  })
  expect(rates).toHaveLength(6)
})
