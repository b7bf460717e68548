import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logs, TrainingSnapshot } from '@convkit/core'
import { fit } from '@convkit/train'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runPython } from '../../../tools/python.mjs'
import { lambda } from './lambda.js'
import { tensorboard } from './tensorboard.js'
import { tinyTraining } from './testing/tiny-training.js'

const script = fileURLToPath(new URL('../../../tools/parity/tensorboard-scalars.py', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-tensorboard-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Scalars = Readonly<Record<string, readonly [step: number, value: number][]>>
const read = (part: string): Scalars => JSON.parse(runPython(script, [join(folder, part)]).toString())

test('TensorBoard reads what a training wrote, and of a resumed one each step once', async () => {
  const { model, train, validation } = await tinyTraining()
  const options = { validation, epochs: 3, batchSize: 4 }
  let snapshot: TrainingSnapshot | undefined
  const losses = new Map<number, number>()
  let epochNow = 0
  const watch = lambda({
    onEpochBegin: (epoch) => {
      epochNow = epoch
    },
    onBatchEnd: (batch, { batchLoss }: Logs) =>
      void losses.set(3 * epochNow + batch + 1, batchLoss as number),
  })
  // a step that the resumed training takes again
  const killed = lambda({
    name: 'killed',
    async onBatchEnd(_batch, _logs, context) {
      if (losses.size === 4) snapshot = await context.snapshot()
      if (losses.size === 5) throw new Error('killed')
    },
  })
  await expect(
    fit(model, train, { ...options, callbacks: [watch, tensorboard({ folder }), killed] }),
  ).rejects.toThrow('killed')
  const { history } = await fit(model, train, {
    ...options,
    callbacks: [watch, tensorboard({ folder })],
    ...(snapshot && { resume: snapshot }),
  })

  const own = read('train')
  expect(own.batch_loss?.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  for (const [step, value] of own.batch_loss ?? []) expect(value).toBeCloseTo(losses.get(step) as number, 6)
  expect(own.epoch_lr).toHaveLength(3)
  const held = read('validation').epoch_loss ?? []
  expect(held.map(([step]) => step)).toEqual([3, 6, 9])
  for (const [epoch, [, value]] of held.entries())
    expect(value).toBeCloseTo(history[epoch]?.val_loss as number, 6)
})
