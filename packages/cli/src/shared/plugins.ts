import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ConvkitError, type Plugin } from '@convkit/core'
import * as v from 'valibot'
import { readDataFile } from './data-file.js'
import type { Host } from './host.js'
import { importModule, isPath, isPlugin, loadPlugin } from './plugin-modules.js'

/** What `convkit.config.ts`, `.js` or `.json` exports, in the folder in which a command runs. */
export interface ConvkitConfig {
  /** Plugins, or modules whose default export is one: names of packages, or paths from the file's folder. */
  readonly plugins?: readonly (Plugin | string)[]
}

/** Checks a config's shape at compile time and returns it unchanged: `export default defineConfig({ plugins: […] })`. */
export function defineConfig(config: ConvkitConfig): ConvkitConfig {
  return config
}

/** The host, its registry with the plugins that `convkit.config` and `--plugin` name. */
export function withPlugins(host: Host, given: () => readonly string[] | undefined): Host {
  let loading: Promise<readonly Plugin[]> | undefined
  return {
    ...host,
    async registry(recorded = []) {
      loading ??= loadPlugins(process.cwd(), given())
      const plugins = await loading
      const registry = (await host.registry()).register(...plugins)
      const known = new Set(registry.plugins.map(({ name }) => name))
      const others = await Promise.all(recorded.map(loadRecorded))
      return registry.register(...others.flat().filter(({ name }) => !known.has(name)))
    },
    plugins: () => pluginModules(process.cwd(), given()),
  }
}

/** The modules that {@link loadPlugins} loads, such that they are found from another folder too. */
export async function pluginModules(folder: string, modules: readonly string[] = []): Promise<string[]> {
  const file = await configFile(folder)
  const { plugins = [] } = file ? await readConfig(file) : {}
  // A plugin that the config makes itself is had from the config.
  const configured = plugins.map((plugin) => (typeof plugin === 'string' ? plugin : (file as string)))
  return [...new Set([...configured, ...modules])].map((module) =>
    isPath(module) ? resolve(folder, module) : module,
  )
}

async function loadRecorded(module: string): Promise<readonly Plugin[]> {
  if (!names.includes(basename(module))) return [await loadPlugin(module, process.cwd(), 'the run')]
  const { plugins = [] } = await readConfig(module)
  return plugins.filter((plugin) => typeof plugin !== 'string')
}

/**
 * The plugins that are asked for in a folder, the config's first. Nothing else that is installed is loaded.
 *
 * @throws E_PLUGIN for a module that is none, E_CONFIG for a config that cannot be read.
 */
export async function loadPlugins(
  folder: string,
  modules: readonly string[] = [],
): Promise<readonly Plugin[]> {
  const file = await configFile(folder)
  const { plugins = [] } = file ? await readConfig(file) : {}
  const loaded = [
    ...plugins.map((plugin) =>
      typeof plugin === 'string' ? loadPlugin(plugin, folder, file ?? '') : plugin,
    ),
    ...modules.map((module) => loadPlugin(module, folder, '--plugin')),
  ]
  return Promise.all(loaded)
}

const names = ['convkit.config.ts', 'convkit.config.js', 'convkit.config.json']

async function configFile(folder: string): Promise<string | undefined> {
  const paths = names.map((name) => join(folder, name))
  const isThere = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))
  const found = paths.filter((_, index) => isThere[index])
  if (found.length < 2) return found[0]
  throw new ConvkitError(
    'E_CONFIG',
    `There is more than one config, ${found.join(' and ')}: keep one of them`,
  )
}

const schema = v.strictObject({
  plugins: v.optional(
    v.array(
      v.union(
        [v.pipe(v.string(), v.nonEmpty()), v.custom<Plugin>(isPlugin)],
        ({ input }) => `must be plugins or names of modules, got ${JSON.stringify(input) ?? String(input)}`,
      ),
      'must be a list of plugins or of names of modules',
    ),
  ),
})

async function readConfig(file: string): Promise<ConvkitConfig> {
  const value = file.endsWith('.json')
    ? await readDataFile(file, 'E_CONFIG', 'plugins')
    : await importModule(file).catch((cause: Error) => {
        throw new ConvkitError('E_CONFIG', `${file} could not be loaded: ${cause.message}`, { cause })
      })
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const key = v.getDotPath(issue)
  if (key?.startsWith('plugins')) throw new ConvkitError('E_CONFIG', `${key} in ${file} ${issue.message}`)
  throw new ConvkitError(
    'E_CONFIG',
    key
      ? `${key} in ${file} is not a setting of convkit; there is: plugins`
      : `${file} has no config as its default export: export default defineConfig({ plugins: […] })`,
  )
}
