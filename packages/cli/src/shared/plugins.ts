import { basename, resolve } from 'node:path'
import type { Plugin } from '@convkit/core'
import { findConfig, isConfigName, readConfig } from './config-file.js'
import type { Host } from './host.js'
import { isPath, loadPlugin } from './plugin-modules.js'

/** The host, its registry with the plugins that `convkit.config` and `--plugin` name. */
export function withPlugins(host: Host, given: () => readonly string[] | undefined): Host {
  let loading: Promise<readonly NamedPlugin[]> | undefined
  return {
    ...host,
    async registry(recorded = []) {
      loading ??= loadPlugins(process.cwd(), given())
      const plugins = await loading
      const registry = (await host.registry()).register(...plugins.map(({ plugin }) => plugin))
      const known = new Set(registry.plugins.map(({ name }) => name))
      const others = await Promise.all(recorded.map(loadRecorded))
      return registry.register(...others.flat().filter(({ name }) => !known.has(name)))
    },
    plugins: () => pluginModules(process.cwd(), given()),
  }
}

/** The modules that {@link loadPlugins} loads, such that they are found from another folder too. */
export async function pluginModules(folder: string, modules: readonly string[] = []): Promise<string[]> {
  const file = await findConfig(folder)
  const { plugins = [] } = file ? await readConfig(file) : {}
  // A plugin that the config makes itself is had from the config.
  const configured = plugins.map((plugin) => (typeof plugin === 'string' ? plugin : (file as string)))
  return [...new Set([...configured, ...modules])].map((module) =>
    isPath(module) ? resolve(folder, module) : module,
  )
}

async function loadRecorded(module: string): Promise<readonly Plugin[]> {
  if (!isConfigName(basename(module))) return [await loadPlugin(module, process.cwd(), 'the run')]
  const { plugins = [] } = await readConfig(module)
  return plugins.filter((plugin) => typeof plugin !== 'string')
}

/** A plugin, and the module that it came from. */
export interface NamedPlugin {
  readonly plugin: Plugin
  readonly module: string
}

/**
 * The plugins that are asked for in a folder, the config's first. Nothing else that is installed is loaded.
 *
 * @throws E_PLUGIN for a module that is none, E_CONFIG for a config that cannot be read.
 */
export async function loadPlugins(
  folder: string,
  modules: readonly string[] = [],
): Promise<readonly NamedPlugin[]> {
  const file = await findConfig(folder)
  const { plugins = [] } = file ? await readConfig(file) : {}
  const load = async (module: string, askedBy: string) => ({
    plugin: await loadPlugin(module, folder, askedBy),
    module,
  })
  return Promise.all([
    ...plugins.map((plugin) =>
      typeof plugin === 'string' ? load(plugin, file ?? '') : { plugin, module: file ?? '' },
    ),
    ...modules.map((module) => load(module, '--plugin')),
  ])
}
