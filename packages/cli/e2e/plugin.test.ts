import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder } from './convkit.js'

const plugin = fileURLToPath(new URL('../../../examples/plugin-convmixer', import.meta.url))

let cwd: string
beforeAll(async () => {
  cwd = await makeFolder()
  await paintImages(join(cwd, 'photos'), { blue: 4, red: 4 })
})
afterAll(() => rm(cwd, { recursive: true }))

test('a network of a plugin is there when it is asked for, and not otherwise', async () => {
  const without = await convkit(cwd, 'models', 'convmixer*')
  expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('E_UNKNOWN_MODEL') })
  const { stdout } = await convkit(cwd, 'models', 'convmixer*', '--plugin', plugin, '--json')
  const { models } = JSON.parse(stdout) as { models: { name: string; parameters: number }[] }
  expect(models.map(({ name }) => name)).toEqual([
    'convmixer_1536_20',
    'convmixer_768_32',
    'convmixer_1024_20_ks9_p14',
  ])
})

test('a network of a plugin trains from config files, and predicts', async () => {
  await writeFile(
    join(cwd, 'convkit.config.ts'),
    `import type { ConvkitConfig } from '@convkit/cli'\nexport default { plugins: [${JSON.stringify(plugin)}] } satisfies ConvkitConfig\n`,
  )
  const config = {
    data: 'photos',
    model: 'convmixer_768_32',
    modelConfig: { filters: 8, depth: 1, patchSize: 4 },
    size: 32,
    epochs: 1,
    batchSize: 6,
    validation: 0.25,
    augment: 'none',
  }
  await writeFile(join(cwd, 'train.json'), JSON.stringify(config))
  const trained = await convkit(cwd, 'train', '--config', 'train.json')
  expect(trained).toMatchObject({ code: 0, stderr: '' })
  expect(trained.stdout).toContain('convmixer_768_32 (convmixer), random weights')
  const record = JSON.parse(await readFile(join(cwd, 'runs/train-1/model/config.json'), 'utf8'))
  expect(record.architecture).toBe('convmixer_768_32')
  const { stdout } = await convkit(cwd, 'predict', 'runs/train-1', 'photos/red/0.png', '--json')
  expect(JSON.parse(stdout).predictions[0].top).toHaveLength(2)
})

test('a run finds its plugins again, from another folder too, but none in its own folder', async () => {
  const run = join(cwd, 'runs/train-1')
  const config = JSON.parse(await readFile(join(run, 'config.json'), 'utf8'))
  expect(config.plugins).toEqual([plugin])
  const elsewhere = await makeFolder()
  const predict = () => convkit(elsewhere, 'predict', run, join(cwd, 'photos/red/0.png'), '--json')
  expect(await predict()).toMatchObject({ code: 0, stderr: '' })

  const own = join(run, 'plugin.mjs')
  await writeFile(own, `process.stdout.write('it ran')\nexport default { name: 'own' }\n`)
  await writeFile(join(run, 'config.json'), JSON.stringify({ ...config, plugins: [own] }))
  const refused = await predict()
  expect(refused).toMatchObject({ code: 1, stdout: expect.not.stringContaining('it ran') })
  expect(refused.stderr).toContain('of its own folder, which is not loaded unasked')
  await rm(elsewhere, { recursive: true })
})
