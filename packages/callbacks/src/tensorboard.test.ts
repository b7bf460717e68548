import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { fit } from '@convkit/train'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Event, EventSchema } from './generated/event_pb.js'
import { crc32c } from './tensorboard/crc32c.js'
import { tensorboard } from './tensorboard.js'
import { tinyTraining } from './testing/tiny-training.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-tensorboard-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** The events of a folder's files. */
async function eventsOf(part: string): Promise<Event[]> {
  const events: Event[] = []
  for (const name of (await readdir(join(folder, part))).sort()) {
    const bytes = await readFile(join(folder, part, name))
    for (let at = 0; at < bytes.length; ) {
      const length = Number(bytes.readBigUInt64LE(at))
      events.push(fromBinary(EventSchema, bytes.subarray(at + 12, at + 12 + length)))
      at += length + 16
    }
  }
  return events
}

const scalarsOf = (events: readonly Event[]) =>
  events.flatMap(({ step, what }) =>
    what.case === 'summary' ? what.value.value.map(({ tag }) => `${tag} ${step}`) : [],
  )

test('CRC-32C has the values of RFC 3720', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43)
})

test('scalars of steps and epochs, training and validation apart', async () => {
  const { model, train, validation } = await tinyTraining()
  const { history } = await fit(model, train, {
    validation,
    epochs: 2,
    batchSize: 4,
    callbacks: [tensorboard({ folder, everySteps: 2 })],
  })
  const [own, held] = [await eventsOf('train'), await eventsOf('validation')]
  expect(own[0]?.what).toMatchObject({ case: 'fileVersion', value: 'brain.Event:2' })
  expect(scalarsOf(own).filter((text) => /loss|batch_lr/.test(text))).toEqual([
    'batch_loss 2',
    'batch_lr 2',
    'epoch_loss 3',
    'batch_loss 4',
    'batch_lr 4',
    'batch_loss 6',
    'batch_lr 6',
    'epoch_loss 6',
  ])
  expect(scalarsOf(held)).toEqual([
    'epoch_loss 3',
    'epoch_top1 3',
    'epoch_top5 3',
    'epoch_loss 6',
    'epoch_top1 6',
    'epoch_top5 6',
  ])
  const last = held.at(-1)?.what
  const loss = last?.case === 'summary' ? last.value.value[0]?.value.value : undefined
  expect(loss).toBeCloseTo(history.at(-1)?.val_loss as number, 6)
})
