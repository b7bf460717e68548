import { ConvkitError } from '@convkit/graph'
import type { BlockFunction, ModelConfigs, ModelName } from './architecture.js'
import type { EngineProvider } from './engine.js'
import { nearest } from './nearest.js'
import type { AnyArchitecture, CallbackFactory, Plugin } from './plugin.js'
import type { WeightsProvider } from './pretrained-weights.js'

/** A model name's entry: its family and the config that makes it. */
export interface Variant {
  readonly name: string
  readonly architecture: AnyArchitecture
  readonly config: object
}

/** What plugins have added, by name. */
export interface Registry {
  /** Adds plugins' parts. @throws E_DUPLICATE naming both owners; nothing of that plugin is added then. */
  register(...plugins: readonly Plugin[]): Registry
  readonly models: ReadonlyMap<string, Variant>
  readonly blocks: ReadonlyMap<string, BlockFunction>
  readonly engines: ReadonlyMap<string, EngineProvider>
  readonly callbacks: ReadonlyMap<string, CallbackFactory>
  readonly weights: ReadonlyMap<string, WeightsProvider>
  readonly plugins: readonly Plugin[]
  /** @throws E_UNKNOWN_MODEL with the three nearest names. */
  model(name: string): Variant
  /** @throws E_UNKNOWN_BLOCK with the three nearest names. */
  block(name: string): BlockFunction
}

/** A registry of its own, for libraries and tests that must not see what others registered. */
export function createRegistry(...plugins: readonly Plugin[]): Registry {
  const models = new Map<string, Variant>()
  const blocks = new Map<string, BlockFunction>()
  const engines = new Map<string, EngineProvider>()
  const callbacks = new Map<string, CallbackFactory>()
  const weights = new Map<string, WeightsProvider>()
  const registered: Plugin[] = []
  const owners = new Map<string, string>()

  const add = (plugin: Plugin) => {
    if (registered.includes(plugin)) return
    for (const required of plugin.requires ?? []) add(required)
    const parts = partsOf(plugin)
    for (const { kind, name } of parts) {
      const owner = owners.get(`${kind} ${name}`)
      if (owner) {
        throw new ConvkitError(
          'E_DUPLICATE',
          `The ${kind} '${name}' of plugin '${plugin.name}' is already registered by '${owner}'; rename one, or register only one of the plugins`,
        )
      }
    }
    for (const { kind, name } of parts) owners.set(`${kind} ${name}`, plugin.name)
    for (const architecture of plugin.architectures ?? []) {
      for (const [name, config] of Object.entries<object>(architecture.variants))
        models.set(name, { name, architecture, config })
    }
    for (const [name, block] of Object.entries(plugin.blocks ?? {})) blocks.set(name, block)
    for (const engine of plugin.engines ?? []) engines.set(engine.name, engine)
    for (const [name, callback] of Object.entries(plugin.callbacks ?? {})) callbacks.set(name, callback)
    for (const provider of plugin.weights ?? []) weights.set(provider.name, provider)
    registered.push(plugin)
  }

  const registry: Registry = {
    register(...added) {
      for (const plugin of added) add(plugin)
      return registry
    },
    models,
    blocks,
    engines,
    callbacks,
    weights,
    plugins: registered,
    model: (name) => lookUp('model', 'E_UNKNOWN_MODEL', models, name, 'convkit models'),
    block: (name) => lookUp('block', 'E_UNKNOWN_BLOCK', blocks, name, 'registry.blocks'),
  }
  return registry.register(...plugins)
}

function partsOf(plugin: Plugin): { kind: string; name: string }[] {
  const models = (plugin.architectures ?? []).flatMap(({ variants }) => Object.keys(variants))
  return [
    ...models.map((name) => ({ kind: 'model', name })),
    ...Object.keys(plugin.blocks ?? {}).map((name) => ({ kind: 'block', name })),
    ...(plugin.engines ?? []).map(({ name }) => ({ kind: 'engine', name })),
    ...Object.keys(plugin.callbacks ?? {}).map((name) => ({ kind: 'callback', name })),
    ...(plugin.weights ?? []).map(({ name }) => ({ kind: 'weights provider', name })),
  ]
}

function lookUp<T>(
  kind: string,
  code: `E_${string}`,
  known: ReadonlyMap<string, T>,
  name: string,
  lister: string,
): T {
  const found = known.get(name)
  if (found) return found
  const hint =
    known.size === 0
      ? `no ${kind} is registered; register a plugin first, such as: import '@convkit/zoo/register'`
      : `nearest: ${nearest(name, known.keys()).join(', ')}; all of them: ${lister}`
  throw new ConvkitError(code, `There is no ${kind} '${name}' (${hint})`)
}

/** Bumped when the registry's own interface changes: copies of core with the same number share one registry. */
const registryVersion = 1
const registryKey = Symbol.for('@convkit/core/registry')

interface SharedRegistry {
  readonly version: number
  readonly from: string
  readonly registry: Registry
}

/**
 * The process's registry. Copies of core share it through `globalThis`.
 *
 * @throws E_VERSION when another major version of core has made it, naming both copies.
 */
export function defaultRegistry(): Registry {
  const host = globalThis as { [registryKey]?: SharedRegistry }
  const shared = host[registryKey] ?? {
    version: registryVersion,
    from: import.meta.url,
    registry: createRegistry(),
  }
  host[registryKey] = shared
  if (shared.version !== registryVersion) {
    throw new ConvkitError(
      'E_VERSION',
      `Two versions of @convkit/core are loaded: ${shared.from} and ${import.meta.url}; install one version (npm ls @convkit/core)`,
    )
  }
  return shared.registry
}

/** Adds plugins to the process's registry. */
export function register(...plugins: readonly Plugin[]): void {
  defaultRegistry().register(...plugins)
}

/** Narrows a text, such as a command-line argument, to a model name. @throws E_UNKNOWN_MODEL with the nearest names. */
export function modelName(name: string, registry: Registry = defaultRegistry()): ModelName {
  return registry.model(name).name as ModelName
}

/** The config of a model name, as registered. */
export function configOf<N extends ModelName>(
  name: N,
  registry: Registry = defaultRegistry(),
): ModelConfigs[N] {
  return registry.model(name).config as ModelConfigs[N]
}
