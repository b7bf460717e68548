import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadPlugins } from './plugins.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-plugins-'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = async (file: string, text: string) => {
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), text)
}
const load = async (...modules: string[]) =>
  (await loadPlugins(folder, modules)).map(({ plugin }) => plugin.name)
const exporting = (name: string) => `export default { name: '${name}' }`

describe('plugins', () => {
  it('come from files, folders and packages, the config’s first; nothing else is loaded', async () => {
    await write('node_modules/convkit-plugin-a/package.json', '{ "exports": { "import": "./a.mjs" } }')
    await write('node_modules/convkit-plugin-a/a.mjs', exporting('a'))
    await write('b/package.json', '{ "name": "b", "type": "module", "exports": "./lib/b.js" }')
    await write('b/lib/b.js', exporting('b'))
    await write('c/package.json', '{ "main": "c.mjs" }')
    await write('c/c.mjs', exporting('c'))
    await write('d.ts', `import type { Plugin } from '@convkit/core'\nexport default { name: 'd' } as Plugin`)
    expect(await load()).toEqual([])
    expect(await load('convkit-plugin-a', './b', './c', './d.ts')).toEqual(['a', 'b', 'c', 'd'])
    await write('convkit.config.json', '{ "plugins": ["./c", "./b"] }')
    expect(await load('convkit-plugin-a')).toEqual(['c', 'b', 'a'])
  })

  it('are values in a config of TypeScript', async () => {
    await write('own.ts', `export const own: { name: string } = { name: 'own' }`)
    await write('b.mjs', exporting('b'))
    await write(
      'convkit.config.ts',
      `import { own } from './own.ts'\nexport default { plugins: [own, './b.mjs'] }`,
    )
    expect(await load()).toEqual(['own', 'b'])
  })

  it.each([
    [
      'convkit-plugin-a',
      /^--plugin names the plugin 'convkit-plugin-a', which is not installed: npm install/,
    ],
    ['./none', /'\.\/none', which does not exist: there is no /],
    ['bare', /'bare', which is a path: write \.\/bare$/],
    ['./bare', /is a folder without a package\.json/],
    ['./unbuilt', /exports no file: run its build, or give exports/],
    ['./throws.mjs', /could not be loaded: no luck/],
    ['./other.mjs', /has no plugin as its default export: export default definePlugin/],
    ['./closed', /exports no file: .* a "\." entry$/],
    ['./damaged', /has a package\.json that cannot be read: /],
  ])('%s is refused with the remedy', async (module, message) => {
    await mkdir(join(folder, 'bare'))
    await write('unbuilt/package.json', '{ "name": "unbuilt", "exports": "./dist/index.js" }')
    await write('closed/package.json', '{ "name": "closed", "exports": { "./sub": "./sub.js" } }')
    await write('damaged/package.json', '{')
    await write('throws.mjs', `throw new Error('no luck')`)
    await write('other.mjs', 'export default { architectures: [] }')
    await expect(load(module)).rejects.toMatchObject({
      code: 'E_PLUGIN',
      message: expect.stringMatching(message),
    })
  })

  it.each([
    [
      'convkit.config.json',
      '{ "plugins": [3] }',
      /plugins\.0 in .* must be plugins or names of modules, got 3/,
    ],
    ['convkit.config.json', '{', /convkit\.config\.json is not JSON or YAML/],
    ['convkit.config.ts', 'export const a = 1', /has no config as its default export/],
    ['convkit.config.ts', `throw new Error('oh')`, /convkit\.config\.ts could not be loaded: oh/],
  ])('%s: %s is refused', async (file, text, message) => {
    await write(file, text)
    await expect(load()).rejects.toMatchObject({ code: 'E_CONFIG', message: expect.stringMatching(message) })
  })

  it('cannot be asked for in two configs', async () => {
    await write('convkit.config.json', '{}')
    await write('convkit.config.js', 'export default {}')
    await expect(load()).rejects.toThrow(/more than one config, .*\.js and .*\.json: keep one/)
  })
})
