import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createRegistry,
  createVariant,
  encodeSafetensors,
  initialWeights,
  modelRecord,
  traceVariant,
} from '@convkit/core'
import { referenceProvider } from '@convkit/core/testing'
import zoo from '@convkit/zoo'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import weightsPlugin from '../index.js'
import { serveHub, sha256, type TestHub } from '../testing/serve-hub.js'

const registry = createRegistry(zoo, weightsPlugin, { name: 'reference', engines: [referenceProvider] })
const variant = registry.model('mobilenetv3_small_050')
const tag = 'lamb_in1k'
const repository = `timm/${variant.name}.${tag}`

let hub: TestHub
let folder: string
let safetensors: Uint8Array
let config: Uint8Array
beforeAll(async () => {
  const model = await createVariant(variant, { registry, classes: 4, seed: 9 })
  safetensors = encodeSafetensors(new Map(model.weights))
  const { label_names: _, convkit: __, ...record } = modelRecord(model)
  config = new TextEncoder().encode(JSON.stringify(record))
  const file = `files/weights-${sha256(safetensors).slice(0, 8)}.safetensors`
  hub = await serveHub({
    [`${repository}/model.safetensors`]: safetensors,
    [`${repository}/config.json`]: config,
    // large files are served by their name alone
    [file]: safetensors,
    'files/weights-00000000.safetensors': safetensors,
  })
})
afterAll(() => hub.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-providers-'))
  vi.stubEnv('HF_HUB_CACHE', join(folder, 'hub'))
  vi.stubEnv('HF_HOME', folder)
  vi.stubEnv('XDG_CACHE_HOME', folder)
  vi.stubEnv('HF_ENDPOINT', hub.endpoint)
  vi.stubEnv('HF_HUB_OFFLINE', '')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const make = (weights: string, options = {}) => createVariant(variant, { registry, weights, ...options })
const sameWeights = (model: Awaited<ReturnType<typeof make>>) =>
  Buffer.compare(encodeSafetensors(new Map(model.weights)), safetensors) === 0

describe('createModel finds weights', () => {
  it('by their tag, with timm’s record', async () => {
    const model = await make(tag)
    expect(sameWeights(model)).toBe(true)
    expect(model.classes).toHaveLength(4)
    expect(model.pretrained).toEqual({ source: repository, newHead: false, notes: [] })
  })

  it('that the network’s own plugin lists', async () => {
    const weights = { [variant.name]: [{ tag: 'own_in1k', hub: repository, license: 'mit', classes: 4 }] }
    const architecture = { ...variant.architecture, weights }
    const own = (text: string) => createVariant({ ...variant, architecture }, { registry, weights: text })
    expect((await own('own_in1k')).pretrained?.source).toBe(repository)
    await expect(own('own_in2k')).rejects.toThrow(/nearest: own_in1k/)
  })

  it('by their repository, for other classes', async () => {
    const { pretrained } = await make(`hf-hub:${repository}`, { classes: ['a', 'b'] })
    expect(pretrained?.newHead).toBe(true)
  })

  it('by an address, whose name may hold a sum', async () => {
    const name = `weights-${sha256(safetensors).slice(0, 8)}.safetensors`
    expect(sameWeights(await make(`${hub.endpoint}/large/files/${name}`))).toBe(true)
    const wrong = make(`${hub.endpoint}/large/files/weights-00000000.safetensors`)
    await expect(wrong).rejects.toThrow(/came with the sha256 \w+ instead of 00000000/)
  })

  it('by an address that was downloaded, without a connection too', async () => {
    const url = `${hub.endpoint}/large/files/weights-${sha256(safetensors).slice(0, 8)}.safetensors`
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    const missing = make(url)
    await expect(missing).rejects.toThrow(`${url} is not at ${join(folder, 'convkit', 'downloads')}`)
    vi.stubEnv('HF_HUB_OFFLINE', '')
    await make(url)
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect(sameWeights(await make(url))).toBe(true)
  })

  it('in a file, and in a folder of timm', async () => {
    const file = join(folder, 'w.safetensors')
    await writeFile(file, safetensors)
    expect(sameWeights(await make(file))).toBe(true)
    const timm = join(folder, 'timm')
    await mkdir(timm)
    await writeFile(join(timm, 'model.safetensors'), safetensors)
    await writeFile(join(timm, 'config.json'), config)
    for (const text of [timm, `local-dir:${timm}`]) expect(sameWeights(await make(text)), text).toBe(true)
    await expect(createVariant(registry.model('resnet18'), { registry, weights: timm })).rejects.toThrow(
      /weights of mobilenetv3_small_050, not of resnet18/,
    )
  })

  it('without the auxiliary heads that only training has', async () => {
    const googlenet = registry.model('googlenet')
    const trained = traceVariant(googlenet, { registry, classes: 2, batchSize: 2, mode: 'train' })
    const tensors = initialWeights(trained, 0)
    const model = await createVariant(googlenet, { registry, weights: tensors })
    expect([...tensors.keys()].filter((name) => !model.weights.has(name))).toContain('aux1.conv.conv.weight')
    expect(model.pretrained?.notes).toEqual([])
  })

  it('or says which there are', async () => {
    await expect(make('lamp_in1k')).rejects.toThrow(/no weights 'lamp_in1k' of .*nearest: lamb_in1k/)
    await expect(make('none.pth')).rejects.toThrow(/none\.pth: there is no such file/)
    await expect(make('local-dir:none')).rejects.toThrow(/from none: there is no such file/)
    await writeFile(join(folder, 'weights'), '')
    await expect(make(join(folder, 'weights'))).rejects.toThrow(/a file of weights ends in \.safetensors/)
    await expect(make(folder)).rejects.toThrow(/neither config\.json/)
  })
})
