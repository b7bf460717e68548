import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { folderSize } from './folder-size.js'
import { execute, makeProject, packAll, withDependencies } from './packed.js'

// Every package as npm would publish it, in the projects of people who have nothing else of convkit.

let root: string
let archives: ReadonlyMap<string, string>
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'convkit-packed-'))
  archives = await packAll(await makeProject(join(root, 'archives'), []))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const program = `
import { createModel, type Pixels, register } from '@convkit/core'
import { arrayDataset } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import { crossEntropy, fit, sgd, topK } from '@convkit/train'
import zoo from '@convkit/zoo'

register(zoo, onnx)
const classes = ['dark', 'light']
const images = Array.from({ length: 8 }, (_, index): Pixels => ({
  height: 32,
  width: 32,
  channels: 3,
  data: new Uint8Array(32 * 32 * 3).fill(index % 2 ? 240 : 10),
}))
const dataset = arrayDataset({ images, labels: images.map((_, index) => index % 2), classes })
const model = await createModel('resnet20', { classes })
const { history } = await fit(model, dataset, {
  validation: dataset,
  epochs: 6,
  batchSize: 4,
  optimizer: sgd({ learningRate: 0.02, momentum: 0.9 }),
  loss: crossEntropy(),
  metrics: [topK(1)],
})
// @ts-expect-error there is no such model
const wrong = () => createModel('resnet21')
console.log(JSON.stringify({ losses: history.map(({ loss }) => loss), wrong: typeof wrong }))
await model.dispose()
`

describe('someone who installs core, zoo, an engine, the trainer and data', () => {
  let project: string
  beforeAll(async () => {
    const names = ['@convkit/core', '@convkit/zoo', '@convkit/engine-onnx', '@convkit/train', '@convkit/data']
    project = await makeProject(join(root, 'program'), await withDependencies(names, archives))
  })

  test('gets few packages, of the size that the README says', async () => {
    // what npm has installed, without what is for other platforms
    const lock = await readFile(join(project, 'node_modules/.package-lock.json'), 'utf8')
    const count = Object.keys((JSON.parse(lock) as { packages: object }).packages).length
    const megabytes = Math.round((await folderSize(join(project, 'node_modules'))) / 1e6)
    console.log(`core, zoo, engine-onnx, train, data: ${megabytes} MB in ${count} packages`)
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
    const [, size, packages] = /(\d+) MB in (\d+) packages/.exec(readme) ?? []
    expect(Math.abs(megabytes / Number(size) - 1)).toBeLessThan(0.1)
    expect(Math.abs(count / Number(packages) - 1)).toBeLessThan(0.1)
  })

  test('compiles and trains in TypeScript', async () => {
    await writeFile(join(project, 'train.ts'), program)
    await execute(
      project,
      'npm',
      'install',
      '--no-fund',
      '--prefer-offline',
      '--no-save',
      'typescript@5.9.3',
      '@types/node@20',
    )
    const flags = ['--strict', '--target', 'ES2022', '--module', 'NodeNext']
    await execute(project, 'npx', 'tsc', ...flags, 'train.ts')
    const { losses, wrong } = JSON.parse(await execute(project, 'node', 'train.js'))
    expect(wrong).toBe('function')
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2)
  })

  test('requires it from CommonJS', async () => {
    const code = `
      const { createRegistry, createModel } = require('@convkit/core')
      const zoo = require('@convkit/zoo').default
      const onnx = require('@convkit/engine-onnx').default
      const { fit } = require('@convkit/train')
      const registry = createRegistry(zoo, onnx)
      createModel('lenet5', { registry, classes: 3 }).then(async (model) => {
        const image = { height: 32, width: 32, channels: 1, data: new Uint8Array(32 * 32) }
        const rows = await model.predict(image, { top: 3 })
        console.log(JSON.stringify({ count: rows.length, fit: typeof fit }))
        await model.dispose()
      })`
    await writeFile(join(project, 'predict.cjs'), code)
    expect(JSON.parse(await execute(project, 'node', 'predict.cjs'))).toEqual({ count: 3, fit: 'function' })
  })
})

describe('someone who uses the command line, and a plugin of their own', () => {
  let project: string
  beforeAll(async () => {
    project = await makeProject(
      join(root, 'command-line'),
      await withDependencies(['@convkit/cli'], archives),
    )
    await paintImages(join(project, 'photos'), { blue: 6, red: 6 }, 32)
  })
  const convkit = (...argv: string[]) => execute(project, 'npx', '--no-install', 'convkit', ...argv)
  const train = [
    'train',
    'photos',
    '--engine',
    'onnx',
    '--epochs',
    '1',
    '--batch-size',
    '4',
    '--validation',
    '0.34',
    '--json',
  ]

  test('trains and predicts through npx', async () => {
    const { run } = JSON.parse(await convkit(...train, '--model', 'resnet20'))
    const { predictions } = JSON.parse(await convkit('predict', run, 'photos/red/0.png', '--json'))
    expect(predictions[0].top).toHaveLength(2)
  })

  test('creates, builds, packs and adds a plugin, and trains its network by name', async () => {
    await convkit('plugin', 'create', 'mine', '--out', 'mine')
    const plugin = join(project, 'mine')
    const tools = ['typescript@5.9.3', 'vitest@4.1.12']
    await execute(
      plugin,
      'npm',
      ...['install', '--no-fund', '--prefer-offline', '--no-save', ...tools],
      ...(await withDependencies(['@convkit/core', '@convkit/blocks'], archives)),
    )
    expect(await execute(plugin, 'npm', 'test')).toContain('2 passed')
    await execute(plugin, 'npm', 'pack')
    const [archive] = (await readdir(plugin)).filter((name) => name.endsWith('.tgz'))

    const added = JSON.parse(await convkit('plugin', 'add', `./mine/${archive}`, '--json'))
    expect(added).toMatchObject({ plugin: 'convkit-plugin-mine', module: 'convkit-plugin-mine', added: true })
    expect(JSON.parse(await readFile(join(project, 'convkit.config.json'), 'utf8'))).toEqual({
      plugins: ['convkit-plugin-mine'],
    })
    expect(await convkit('plugin', 'list')).toContain('2 models (mine_16, mine_32)')
    const { run } = JSON.parse(await convkit(...train, '--model', 'mine_16', '--size', '32'))
    const { top1 } = JSON.parse(await convkit('evaluate', run, 'photos', '--json'))
    expect(top1).toBeGreaterThanOrEqual(0)
  })

  test('is told of a plugin that does not fit', async () => {
    const core = `import { definePlugin } from '@convkit/core'\nimport zoo from '@convkit/zoo'\n`
    const plugins = {
      'throws.mjs': `throw new Error('no luck')`,
      'repeats.mjs': `${core}export default definePlugin({ name: 'repeats', architectures: [zoo.architectures[0]] })`,
      'future.mjs': `${core}export default { ...definePlugin({ name: 'future', blocks: {} }), api: 2 }`,
      'others.mjs': `globalThis[Symbol.for('@convkit/core/registry')] = { version: 2, from: '/elsewhere/core' }
        const { register } = await import('@convkit/core')
        register()
        export default { name: 'others' }`,
    }
    for (const [name, code] of Object.entries(plugins)) await writeFile(join(project, name), code)
    const refusal = (name: string) =>
      convkit('plugin', 'add', `./${name}`).then(
        () => 'it was added',
        ({ message }: Error) => message,
      )
    expect(await refusal('throws.mjs')).toMatch(
      /'\.\/throws\.mjs', which could not be loaded: no luck \(E_PLUGIN\)/,
    )
    expect(await refusal('repeats.mjs')).toMatch(
      /of plugin 'repeats' is already registered by .* \(E_DUPLICATE\)/,
    )
    expect(await refusal('future.mjs')).toMatch(
      /'future' is made for version 2 .* update @convkit\/core .*\(E_VERSION\)/,
    )
    expect(await refusal('others.mjs')).toMatch(
      /Two versions of @convkit\/core are loaded: \/elsewhere\/core and /,
    )
    expect(await convkit('plugin', 'list')).not.toContain('repeats')
  })
})
