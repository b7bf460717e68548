import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVariant } from './model.js'
import { loadModel, newestCheckpoint, readCheckpoint, saveModel, writeCheckpoint } from './node.js'
import { createRegistry } from './registry.js'
import { floatTensor } from './tensors.js'
import { referenceProvider } from './testing/reference-engine.js'
import tinyPlugin from './testing/tinynet.js'
import type { TrainingSnapshot } from './training.js'

const registry = createRegistry(tinyPlugin, { name: 'reference', engines: [referenceProvider] })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-core-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const tiny = () =>
  createVariant(registry.model('tinynet_4'), {
    registry,
    classes: ['cat', 'dog'],
    config: { width: 6 } as object,
    seed: 4,
  })

const snapshot = (globalStep: number): TrainingSnapshot => ({
  model: new Map([['fc.weight', floatTensor([2], Float32Array.of(globalStep, 0.1))]]),
  optimizer: new Map([['momentum.fc.weight', floatTensor([2], Float32Array.of(1, 2))]]),
  progress: {
    epoch: 1,
    step: 2,
    globalStep,
    metrics: { loss: [1, 2] },
    history: [{ loss: Number.NaN }],
    callbacks: {},
  },
})

describe('model folder', () => {
  it('reads back the model it wrote', async () => {
    const model = await tiny()
    await saveModel(model, join(folder, 'model'))
    const loaded = await loadModel(join(folder, 'model'), { registry })
    expect([...loaded.weights]).toEqual([...model.weights])
    expect(loaded).toMatchObject({
      name: model.name,
      classes: model.classes,
      config: model.config,
      preprocessing: model.preprocessing,
    })
  })

  it("has timm's keys", async () => {
    await saveModel(await tiny(), join(folder, 'model'))
    expect(JSON.parse(await readFile(join(folder, 'model', 'config.json'), 'utf8'))).toMatchObject({
      architecture: 'tinynet_4',
      num_classes: 2,
      label_names: ['cat', 'dog'],
      pretrained_cfg: {
        input_size: [3, 8, 8],
        crop_pct: 1,
        interpolation: 'bilinear',
        classifier: 'fc',
        first_conv: 'conv1',
      },
      convkit: { config: { width: 6 } },
    })
  })

  it.each([
    ['config.json', '{oops', 'E_MODEL', /config\.json is not JSON/],
    ['config.json', '{"architecture":"tinynet_4"}', 'E_MODEL', /not a model's config: num_classes/],
    ['model.safetensors', 'nonsense', 'E_SAFETENSORS', /damaged or not a safetensors file/],
  ])('says what is wrong with %s of %j', async (file, text, code, message) => {
    await saveModel(await tiny(), join(folder, 'model'))
    await writeFile(join(folder, 'model', file), text)
    await expect(loadModel(join(folder, 'model'), { registry })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('says so when there is no model', async () => {
    await expect(loadModel(join(folder, 'none'), { registry })).rejects.toMatchObject({ code: 'E_MODEL' })
  })
})

describe('checkpoint', () => {
  it('reads back what it wrote, and replaces what was there', async () => {
    const target = join(folder, 'last')
    await writeCheckpoint(target, snapshot(1))
    await writeCheckpoint(target, snapshot(2))
    expect(await readCheckpoint(target)).toEqual(snapshot(2))
    expect(await readdir(folder)).toEqual(['last'])
  })

  it('survives a kill between the two renames', async () => {
    const target = join(folder, 'last')
    await writeCheckpoint(target, snapshot(1))
    await rename(target, `${target}.previous`)
    expect(await readCheckpoint(target)).toEqual(snapshot(1))
  })

  it('keeps the only whole one while another is written after such a kill', async () => {
    const target = join(folder, 'last')
    await writeCheckpoint(target, snapshot(1))
    await rename(target, `${target}.previous`)
    await mkdir(`${target}.tmp-1`)
    await writeCheckpoint(target, snapshot(2))
    expect(await readCheckpoint(target)).toEqual(snapshot(2))
    expect(await readdir(folder)).toEqual(['last'])
  })

  it('refuses damaged files by their sha256', async () => {
    const target = join(folder, 'last')
    await writeCheckpoint(target, snapshot(1))
    const path = join(target, 'model.safetensors')
    const bytes = await readFile(path)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(readCheckpoint(target)).rejects.toThrow(/model\.safetensors does not have the sha256/)
  })

  it('finds the newest complete one of a run', async () => {
    await writeCheckpoint(join(folder, 'checkpoints', 'best'), snapshot(5))
    await writeCheckpoint(join(folder, 'checkpoints', 'last'), snapshot(9))
    expect((await newestCheckpoint(folder)).snapshot.progress.globalStep).toBe(9)
    await rm(join(folder, 'checkpoints', 'last', 'manifest.json'))
    expect((await newestCheckpoint(folder)).snapshot.progress.globalStep).toBe(5)
    await expect(newestCheckpoint(join(folder, 'elsewhere'))).rejects.toThrow(/no complete checkpoint/)
  })
})
