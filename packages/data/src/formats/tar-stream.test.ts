import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AugmentOptions, BatchOptions, Dataset, ImageExtent } from '@convkit/core'
import { imagenetPreprocessing } from '@convkit/core'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDataset } from '../open-dataset.js'
import { temporaryFolder, testJpeg, testPng } from '../testing/test-images.js'
import { tarShards } from './tar-shards.js'
import { tarStream } from './tar-stream.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const preprocessing = { ...imagenetPreprocessing, inputSize: [16, 16] as const, cropPct: 1 }
const perShard = 7

beforeAll(async () => {
  folder = await temporaryFolder()
  for (let shard = 0; shard < 4; shard++) {
    const files: [string, Uint8Array][] = []
    for (let i = 0; i < perShard; i++) {
      const seed = shard * perShard + i
      files.push([`${seed}.png`, await testPng(seed)], [`${seed}.cls`, Buffer.from(`${seed % 3}`)])
    }
    await writeShard(`photos-${shard}.tar`, files)
  }
})
afterAll(() => folder.remove())

async function writeShard(name: string, files: readonly (readonly [string, Uint8Array])[]) {
  const entries = files.map(([name, body]) => ({ header: { name, size: body.length }, body }))
  return folder.write(name, await packTar(entries))
}

const shards = () => join(folder.root, 'photos-{0..3}.tar')

/** The indices of an epoch's batches, and their images as text. */
async function epoch(dataset: Dataset, options: Partial<BatchOptions> = {}) {
  const seen: { indices: number[]; labels: number[]; images: string }[] = []
  for await (const batch of dataset.batches({ batchSize: 4, preprocessing, ...options })) {
    seen.push({
      indices: [...batch.indices.subarray(0, batch.count)],
      labels: [...batch.labels.subarray(0, batch.count)],
      images: Buffer.from(batch.images).toString('base64'),
    })
  }
  return seen
}

const crop = (image: ImageExtent) => ({ left: 1, top: 2, height: image.height - 3, width: image.width - 5 })
const augment: AugmentOptions = { augmentation: { name: 'part', crop, transforms: [] }, seed: 1, epoch: 0 }

test('in order, what the shards give as files in any order', async () => {
  const stream = (await tarStream(shards(), { shuffleBuffer: 5 })).train
  const files = (await tarShards(shards())).train
  expect([stream.length, stream.classes, Array.from(stream.labels)]).toEqual([
    files.length,
    files.classes,
    Array.from(files.labels),
  ])
  expect(await epoch(stream)).toEqual(await epoch(files))
  expect(await epoch(stream, { augment })).toEqual(await epoch(files, { augment }))
  expect((await stream.item(11)).pixels).toEqual((await files.item(11)).pixels)
})

test('shuffled anew in each epoch, and goes on anywhere', async () => {
  const { train } = await tarStream(shards(), { shuffleBuffer: 5 })
  const options = (epoch: number) => ({ shuffle: { seed: 3, epoch }, augment })
  const first = await epoch(train, options(0))
  const indices = first.flatMap((batch) => batch.indices)
  expect([...indices].sort((a, b) => a - b)).toEqual(Array.from({ length: 28 }, (_, i) => i))
  expect(first.flatMap(({ labels }) => labels)).toEqual(indices.map((index) => train.labels[index]))
  expect(await epoch(train, options(0))).toEqual(first)
  expect((await epoch(train, options(1))).flatMap((batch) => batch.indices)).not.toEqual(indices)
  for (const skip of [1, 3, 6, 7, 9]) {
    const { train: another } = await tarStream(shards(), { shuffleBuffer: 5 })
    expect(await epoch(another, { ...options(0), skip })).toEqual(first.slice(skip))
  }
})

test('processes read shards of their own', async () => {
  const { train } = await tarStream(shards(), { shuffleBuffer: 5 })
  const seen: number[][] = []
  for (const rank of [0, 1]) {
    const batches = await epoch(train, { shuffle: { seed: 1, epoch: 0 }, shard: { rank, worldSize: 2 } })
    seen.push(batches.flatMap(({ indices }) => indices))
  }
  expect(seen.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 28 }, (_, i) => i))
  for (const indices of seen)
    expect(new Set(indices.map((index) => Math.floor(index / perShard))).size).toBe(2)
})

test('an image that cannot be read is named, and left out where that is asked for', async () => {
  await writeShard('damaged.tar', [
    ['a.jpg', await testJpeg()],
    ['a.cls', Buffer.from('0')],
    ['b.jpg', (await testJpeg()).subarray(0, 900)],
    ['b.cls', Buffer.from('1')],
    ['c.jpg', await testJpeg()],
    ['c.cls', Buffer.from('1')],
  ])
  const { train } = await tarStream(join(folder.root, 'damaged.tar'))
  await expect(epoch(train, { augment })).rejects.toMatchObject({ code: 'E_IMAGE' })
  const [batch] = await epoch(train, { augment, onUnreadable: 'skip' })
  expect(batch?.indices).toEqual([0, 2])
  expect(train.unreadable).toEqual([
    { path: expect.stringContaining('damaged.tar[1]'), reason: 'is truncated' },
  ])
  const [again] = await epoch(train, { augment, onUnreadable: 'skip' })
  expect(again).toEqual(batch)
})

test('ends early, and closes what it reads', async () => {
  const { train } = await tarStream(shards())
  for await (const { count } of train.batches({ batchSize: 2, preprocessing })) {
    expect(count).toBe(2)
    break
  }
  const abort = new AbortController()
  const reading = (async () => {
    for await (const _ of train.batches({ batchSize: 2, preprocessing, signal: abort.signal })) abort.abort()
  })()
  await expect(reading).rejects.toThrow('aborted')
})

test('opened by the name of its format; with shards for validation, or none', async () => {
  const { report, train } = await openDataset(shards(), { format: 'tar stream' })
  expect(report).toMatchObject({ format: 'tar stream', train: 28, validation: 0 })
  expect(await epoch(train)).toHaveLength(7)
  await expect(tarStream(shards(), { validation: 0.2 })).rejects.toMatchObject({ code: 'E_OPTION' })
  const held = await tarStream(shards(), { validation: join(folder.root, 'photos-3.tar') })
  expect(held.validation).toHaveLength(7)
})

test('a shard that has changed meanwhile is an error', async () => {
  const path = await writeShard('gone.tar', [
    ['a.png', await testPng(1)],
    ['a.cls', Buffer.from('0')],
    ['b.png', await testPng(2)],
    ['b.cls', Buffer.from('1')],
  ])
  const { train } = await tarStream(path)
  await writeShard('gone.tar', [
    ['a.png', await testPng(1)],
    ['a.cls', Buffer.from('0')],
  ])
  await expect(epoch(train)).rejects.toMatchObject({ code: 'E_DATASET' })
  await rm(path)
  await expect(epoch(train)).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
})
