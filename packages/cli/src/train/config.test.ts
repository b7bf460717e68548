import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenBesidesResume, readRunConfig, resolveConfig } from './config.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(value: unknown): Promise<string> {
  const path = join(folder, 'config.json')
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

test('the command line goes before the file, the file before defaults', async () => {
  const config = await file({ data: 'elsewhere', epochs: 7, lr: 0.3 })
  expect(await resolveConfig('photos', { config, lr: 0.1, quiet: true, out: 'runs' })).toMatchObject({
    data: resolve('photos'),
    epochs: 7,
    lr: 0.1,
    batchSize: 32,
    optimizer: 'adamw',
  })
  expect(await resolveConfig(undefined, { config })).toMatchObject({ data: resolve('elsewhere') })
})

test("another model does not take over what a run's config says of its own", async () => {
  const preprocessing = {
    inputSize: [32, 32],
    channels: 3,
    interpolation: 'bilinear',
    cropPct: 1,
    cropMode: 'center',
    mean: [0],
    std: [1],
  }
  const config = await file({
    data: 'photos',
    model: 'resnet18',
    modelConfig: { block: 'basic' },
    preprocessing,
  })
  expect(await resolveConfig(undefined, { config })).toMatchObject({
    modelConfig: { block: 'basic' },
    preprocessing,
  })
  const other = await resolveConfig(undefined, { config, model: 'resnet50' })
  expect([other.modelConfig, other.preprocessing]).toEqual([undefined, undefined])
})

test.each([
  [{ epochs: 0 }, '--epochs must be a whole number of at least 1, got 0'],
  [{ lr: -1 }, '--lr must be a number above 0 or auto, got -1'],
  [{ labelSmoothing: 1 }, '--label-smoothing must be in [0, 1), got 1'],
  [{ validation: 1.5 }, '--validation must be in [0, 1) or a folder, got 1.5'],
  [{ augment: 3 }, '--augment must be a recipe, a file or an object, got 3'],
  [{ optimizer: 'lion' }, '--optimizer must be one of adamw, adam, sgd, rmsprop, got "lion"'],
])('%j is refused', async (flags, message) => {
  await expect(resolveConfig('photos', flags)).rejects.toMatchObject({ code: 'E_OPTION', message })
})

test.each([
  [{ data: 'photos', epoch: 3 }, 'epoch is not an option of train'],
  [{ data: 'photos', epochs: '3' }, 'epochs must be a whole number of at least 1, got "3"'],
])('a file with %j is refused', async (value, message) => {
  await expect(resolveConfig(undefined, { config: await file(value) })).rejects.toMatchObject({ message })
})

test('a file that is missing or not JSON is refused by name', async () => {
  const missing = join(folder, 'missing.json')
  await expect(readRunConfig(missing)).rejects.toMatchObject({
    code: 'E_CONFIG',
    message: expect.stringContaining(missing),
  })
  await expect(readRunConfig(await file('[1'))).rejects.toMatchObject({
    message: expect.stringContaining('is not a JSON object'),
  })
})

test('no data is wrong usage', async () => {
  await expect(resolveConfig(undefined, {})).rejects.toMatchObject({ code: 'E_USAGE' })
})

test('what may not go with --resume', () => {
  expect(givenBesidesResume('photos', { resume: 'runs/train-1', json: true, batchSize: 3 })).toEqual([
    '<data>',
    '--batch-size',
  ])
})
