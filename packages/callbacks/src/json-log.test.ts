import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Callback, TrainingSnapshot } from '@convkit/core'
import { fit } from '@convkit/train'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonLog } from './json-log.js'
import { tinyTraining } from './testing/tiny-training.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-json-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('events of a training that was killed in a line and resumed', async () => {
  const file = join(folder, 'logs', 'events.jsonl')
  const { model, train, validation } = await tinyTraining()
  const options = { validation, epochs: 2, batchSize: 4 }
  const log = () => jsonLog({ file, now: () => 0, everySteps: 2 })
  let resume: TrainingSnapshot | undefined
  const stop: Callback = {
    name: 'stop',
    onBatchEnd(batch, _logs, { control }) {
      control.save = batch === 1
      control.stop = batch === 1 && 'enough'
    },
    onSave: async (context) => {
      resume = await context.snapshot()
    },
  }
  await fit(model, train, { ...options, callbacks: [stop, log()] })
  await appendFile(file, '{"time":"19')
  await fit(model, train, { ...options, callbacks: [log()], ...(resume && { resume }) })

  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const cut = lines.indexOf('{"time":"19')
  const events = lines.filter((_, index) => index !== cut).map((line) => JSON.parse(line))
  expect(events.map(({ event, step, epoch }) => [event, epoch, step])).toEqual([
    ['begin', undefined, undefined],
    ['step', 1, 2],
    ['save', 1, 2],
    ['end', undefined, 2],
    ['begin', undefined, undefined],
    ['evaluate', 1, 3],
    ['epoch', 1, 3],
    ['step', 2, 4],
    ['step', 2, 6],
    ['evaluate', 2, 6],
    ['epoch', 2, 6],
    ['end', undefined, 6],
  ])
  expect(events[0]).toMatchObject({
    time: '1970-01-01T00:00:00.000Z',
    model: 'tinynet_dropout',
    epochs: 2,
    batchSize: 4,
  })
  expect(events[1]).toMatchObject({ loss: expect.any(Number), batchLoss: expect.any(Number), lr: 0.01 })
  expect(events[3].stopped).toBe('enough')
  expect(events.at(-1)).toMatchObject({ val_loss: expect.any(Number) })
})
