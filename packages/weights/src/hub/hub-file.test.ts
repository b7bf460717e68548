import { mkdir, mkdtemp, readdir, readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gitSum, serveHub, sha256, type TestHub } from '../testing/serve-hub.js'
import { type HubSettings, hubPaths, hubSettings } from './cache.js'
import { hubFile } from './hub-file.js'

const repository = 'timm/resnet18.a1_in1k'
const weights = Uint8Array.from({ length: 5000 }, (_, i) => i % 251)
const config = new TextEncoder().encode('{}')
const large = { repository, file: 'model.safetensors' }

let hub: TestHub
let cache: string
let settings: HubSettings
beforeEach(async () => {
  hub = await serveHub({
    [`${repository}/model.safetensors`]: weights,
    [`${repository}/config.json`]: config,
  })
  cache = await mkdtemp(join(tmpdir(), 'convkit-hub-'))
  settings = hubSettings({ HF_HUB_CACHE: cache, HF_ENDPOINT: `${hub.endpoint}/`, HF_HOME: cache })
})
afterEach(async () => {
  await hub.close()
  await rm(cache, { recursive: true })
})
const repo = () => join(cache, 'models--timm--resnet18.a1_in1k')

describe('hubFile', () => {
  it("lays the cache out as Python's huggingface_hub", async () => {
    const path = await hubFile(large, settings)
    expect(path).toBe(join(repo(), 'snapshots', hub.commit, 'model.safetensors'))
    expect(await readFile(path)).toEqual(Buffer.from(weights))
    expect(await readlink(path)).toBe(join('..', '..', 'blobs', sha256(weights)))
    expect(await readFile(join(repo(), 'refs', 'main'), 'utf8')).toBe(hub.commit)
    await hubFile({ repository, file: 'config.json' }, settings)
    expect((await readdir(join(repo(), 'blobs'))).toSorted()).toEqual(
      [gitSum(config), sha256(weights)].toSorted(),
    )
  })

  it('downloads once, and reads a cache that Python has made', async () => {
    await hubFile(large, settings)
    await hubFile(large, settings)
    expect(hub.requests.filter((request) => request.startsWith('GET /large'))).toHaveLength(1)
  })

  it('works from the cache without a connection, or when told to', async () => {
    const path = await hubFile(large, settings)
    await hub.close()
    expect(await hubFile(large, settings)).toBe(path)
    expect(await hubFile(large, { ...settings, offline: true })).toBe(path)
    const other = { repository, file: 'other.bin' }
    await expect(hubFile(other, { ...settings, offline: true })).rejects.toThrow(/HF_HUB_OFFLINE forbids/)
    await expect(hubFile(other, settings)).rejects.toMatchObject({
      code: 'E_HUB',
      message: expect.stringContaining(
        `${hub.endpoint}/${repository}/resolve/main/other.bin cannot be reached`,
      ),
    })
    await expect(hubFile(other, settings)).rejects.toThrow(join(repo(), 'snapshots'))
  })

  it('continues a transfer that broke off, in this process or an earlier one', async () => {
    hub.breakAfter = 2000
    await hubFile(large, settings)
    expect(hub.requests.at(-1)).toMatch(/ bytes=\d+-$/)

    await rm(repo(), { recursive: true })
    const blob = join(repo(), 'blobs', sha256(weights))
    await mkdir(join(repo(), 'blobs'), { recursive: true })
    await writeFile(`${blob}.convkit.incomplete`, weights.subarray(0, 3000))
    expect(await readFile(await hubFile(large, settings))).toEqual(Buffer.from(weights))
    expect(hub.requests.at(-1)).toMatch(/ bytes=3000-$/)
    expect(await readdir(join(repo(), 'blobs'))).toEqual([sha256(weights)])
  })

  it('refuses contents that do not have the sum, and keeps none of them', async () => {
    hub.corrupt = weights.toReversed()
    await expect(hubFile(large, settings)).rejects.toThrow(/came with the sha256 \w+ instead of/)
    hub.corrupt = new Uint8Array(6000)
    await expect(hubFile(large, settings)).rejects.toThrow(/sends more than its 5000 bytes/)
    hub.corrupt = undefined
    expect(await readFile(await hubFile(large, settings))).toEqual(Buffer.from(weights))
  })

  it('is safe with several at once, and takes over from a process that is gone', async () => {
    const lock = join(repo(), 'blobs', `${sha256(weights)}.convkit.lock`)
    await mkdir(join(repo(), 'blobs'), { recursive: true })
    await writeFile(lock, '')
    await utimes(lock, 1, 1)
    const paths = await Promise.all(Array.from({ length: 4 }, () => hubFile(large, settings)))
    expect(new Set(paths).size).toBe(1)
    expect(hub.requests.filter((request) => request.startsWith('GET /large'))).toHaveLength(1)
    expect(await readdir(join(repo(), 'blobs'))).toEqual([sha256(weights)])
  })

  it('sends the token of the environment, or of the file that Python writes', async () => {
    await writeFile(join(cache, 'token'), 'from-file\n')
    await hubFile(large, settings)
    expect(hub.authorization).toBe('Bearer from-file')
    await hubFile({ repository, file: 'config.json' }, { ...settings, token: 'from-variable' })
    expect(hub.authorization).toBe('Bearer from-variable')
  })

  it('says which address refuses, and where the cache would have the file', async () => {
    const url = `${hub.endpoint}/${repository}/resolve/main/model.safetensors`
    for (const [status, remedy] of [
      [401, /set HF_TOKEN to a token that may read it/],
      [403, /access is refused \(403\)/],
      [503, /the server answers 503/],
    ] as const) {
      hub.refuse = status
      const refused = hubFile(large, settings)
      await expect(refused).rejects.toThrow(remedy)
      await expect(refused).rejects.toThrow(url)
      await expect(refused).rejects.toThrow(join(repo(), 'snapshots', '<commit>', 'model.safetensors'))
    }
  })

  it('says what is not there', async () => {
    await expect(hubFile({ repository: 'timm/none', file: 'config.json' }, settings)).rejects.toThrow(
      /timm\/none\/resolve\/main\/config\.json: there is no such file \(404\)/,
    )
  })
})

describe('hubSettings', () => {
  it('follows the variables of huggingface_hub', () => {
    const home = hubSettings({ HF_HOME: '/hf' })
    expect(home).toMatchObject({
      cache: join('/hf', 'hub'),
      endpoint: 'https://huggingface.co',
      offline: false,
    })
    expect(hubSettings({ XDG_CACHE_HOME: '/c' }).cache).toBe(join('/c', 'huggingface', 'hub'))
    expect(hubSettings({ HF_HUB_OFFLINE: 'YES', HF_TOKEN: 't' })).toMatchObject({ offline: true, token: 't' })
  })
})

it('no name leads out of the cache', () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom('..', 'a/..', '../b', '/a', 'a//b', 'a\\b', 'timm/x', 'c:/x'),
  )
  fc.assert(
    fc.property(name, name, name, (repository, file, revision) => {
      try {
        const paths = hubPaths({ cache: '/cache' }, { repository, file, revision })
        for (const path of [paths.ref, paths.snapshot('c')]) {
          expect(path.startsWith(join('/cache', 'models--'))).toBe(true)
          expect(path.split(/[/\\]/)).not.toContain('..')
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_HUB' })
      }
    }),
  )
})
