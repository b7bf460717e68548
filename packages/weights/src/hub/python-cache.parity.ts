import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { python } from '../../../../tools/python.mjs'
import { serveHub, sha256, type TestHub } from '../testing/serve-hub.js'
import { hubSettings } from './cache.js'
import { hubFile } from './hub-file.js'

const repository = 'timm/resnet18.a1_in1k'
const weights = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251)
const file = { repository, file: 'model.safetensors' }

let hub: TestHub
let cache: string
beforeEach(async () => {
  hub = await serveHub({ [`${repository}/model.safetensors`]: weights })
  cache = await mkdtemp(join(tmpdir(), 'convkit-hub-'))
})
afterEach(async () => {
  await hub.close()
  await rm(cache, { recursive: true })
})

const settings = (offline = '') =>
  hubSettings({ HF_HUB_CACHE: cache, HF_HOME: cache, HF_ENDPOINT: hub.endpoint, HF_HUB_OFFLINE: offline })
const transfers = () => hub.requests.filter((request) => request.startsWith('GET /large'))
const run = promisify(execFile)

/** The path that Python's huggingface_hub gives, and what it finds wrong with the cache. */
async function inPython(offline: '0' | '1'): Promise<{ path: string; warnings: string[]; files: number }> {
  const script = [
    'import json, huggingface_hub as hub',
    `path = hub.hf_hub_download(${JSON.stringify(repository)}, 'model.safetensors')`,
    'found = hub.scan_cache_dir()',
    'files = sum(revision.nb_files for repo in found.repos for revision in repo.revisions)',
    "print(json.dumps({'path': path, 'warnings': [str(warning) for warning in found.warnings], 'files': files}))",
  ].join('\n')
  const env = {
    ...process.env,
    ...{ HF_HOME: cache, HF_HUB_CACHE: cache, HF_ENDPOINT: hub.endpoint, HF_HUB_OFFLINE: offline },
  }
  const { stdout } = await run(python().path ?? '', ['-c', script], { env })
  return JSON.parse(stdout)
}

/** Another process of Node.js with the built package. */
async function inNode(): Promise<string> {
  const script = `
    import { hubFile } from ${JSON.stringify(join(import.meta.dirname, '../../dist/index.js'))}
    console.log(await hubFile(${JSON.stringify(file)}))`
  const env = { ...process.env, HF_HOME: cache, HF_HUB_CACHE: cache, HF_ENDPOINT: hub.endpoint }
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env })
  return stdout.trim()
}

test('Python finds what convkit has downloaded', async () => {
  const path = await hubFile(file, settings())
  expect(await inPython('1')).toEqual({ path, warnings: [], files: 1 })
  expect((await inPython('0')).path).toBe(path)
  expect(transfers()).toHaveLength(1)
})

test('convkit finds what Python has downloaded', async () => {
  const { path } = await inPython('0')
  expect(await hubFile(file, settings('1'))).toBe(path)
  expect(await hubFile(file, settings())).toBe(path)
  expect(transfers()).toHaveLength(1)
})

test('several processes of both kinds at once have one file', async () => {
  const [{ path, warnings }, ...others] = await Promise.all([inPython('0'), inNode(), inNode(), inNode()])
  expect(warnings).toEqual([])
  expect(others).toEqual([path, path, path])
  expect(sha256(await readFile(path))).toBe(sha256(weights))
  // Python's and convkit's locks are different ones: each downloads once at most.
  expect(transfers().length).toBeLessThanOrEqual(2)
  const blobs = join(cache, 'models--timm--resnet18.a1_in1k', 'blobs')
  expect((await readdir(blobs)).filter((name) => !name.endsWith('.lock'))).toEqual([sha256(weights)])
})
