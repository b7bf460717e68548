import { ConvkitError, type ErrorCode } from '@convkit/graph'
import type { BlockFunction, ModelConfigs, ModelName } from './architecture.js'
import type { Augmentation, BatchMix, ImageTransform, RandomCrop } from './augmentation.js'
import type { DatasetFormat } from './dataset-format.js'
import type { EngineProvider } from './engine.js'
import { nearest } from './nearest.js'
import { type AnyArchitecture, type CallbackFactory, type PartFactory, type Plugin, pluginApi } from './plugin.js'
import type { WeightsProvider } from './pretrained-weights.js'

/** A model name's entry: its family and the config that makes it. */
export interface Variant {
  readonly name: string
  readonly architecture: AnyArchitecture
  readonly config: object
}

/** What plugins have added, by name. */
export interface Registry {
  /**
   * Adds plugins' parts.
   *
   * @throws E_DUPLICATE naming both owners, E_VERSION for a plugin that was made for another version of the plugin
   *   interface; nothing of that plugin is added then.
   */
  register(...plugins: readonly Plugin[]): Registry
  readonly models: ReadonlyMap<string, Variant>
  readonly blocks: ReadonlyMap<string, BlockFunction>
  readonly engines: ReadonlyMap<string, EngineProvider>
  readonly callbacks: ReadonlyMap<string, CallbackFactory>
  readonly crops: ReadonlyMap<string, PartFactory<RandomCrop>>
  readonly transforms: ReadonlyMap<string, PartFactory<ImageTransform>>
  readonly mixes: ReadonlyMap<string, PartFactory<BatchMix>>
  readonly augmentations: ReadonlyMap<string, Augmentation>
  readonly datasets: ReadonlyMap<string, DatasetFormat>
  readonly weights: ReadonlyMap<string, WeightsProvider>
  readonly plugins: readonly Plugin[]
  /** @throws E_UNKNOWN_MODEL with the three nearest names. */
  model(name: string): Variant
  /** @throws E_UNKNOWN_BLOCK with the three nearest names. */
  block(name: string): BlockFunction
  /** @throws E_UNKNOWN_AUGMENTATION with the three nearest names. */
  crop(name: string): PartFactory<RandomCrop>
  /** @throws E_UNKNOWN_AUGMENTATION with the three nearest names. */
  transform(name: string): PartFactory<ImageTransform>
  /** @throws E_UNKNOWN_AUGMENTATION with the three nearest names. */
  mix(name: string): PartFactory<BatchMix>
  /** @throws E_UNKNOWN_AUGMENTATION with the three nearest names. */
  augmentation(name: string): Augmentation
}

/** A registry of its own, for libraries and tests that must not see what others registered. */
export function createRegistry(...plugins: readonly Plugin[]): Registry {
  const models = new Map<string, Variant>()
  const blocks = new Map<string, BlockFunction>()
  const engines = new Map<string, EngineProvider>()
  const callbacks = new Map<string, CallbackFactory>()
  const crops = new Map<string, PartFactory<RandomCrop>>()
  const transforms = new Map<string, PartFactory<ImageTransform>>()
  const mixes = new Map<string, PartFactory<BatchMix>>()
  const augmentations = new Map<string, Augmentation>()
  const datasets = new Map<string, DatasetFormat>()
  const weights = new Map<string, WeightsProvider>()
  const registered: Plugin[] = []
  const owners = new Map<string, string>()

  const add = (plugin: Plugin) => {
    if (registered.includes(plugin)) return
    checkVersion(plugin)
    for (const required of plugin.requires ?? []) add(required)
    const parts = partsOf(plugin)
    for (const { kind, name } of parts) {
      const owner = owners.get(`${kind} ${name}`)
      if (owner) {
        throw new ConvkitError(
          'E_DUPLICATE',
          owner === plugin.name
            ? `The ${kind} '${name}' of plugin '${owner}' is already registered by another copy of it: keep one (npm ls ${owner})`
            : `The ${kind} '${name}' of plugin '${plugin.name}' is already registered by '${owner}'; rename one, or register only one of the plugins`,
        )
      }
    }
    for (const { kind, name } of parts) owners.set(`${kind} ${name}`, plugin.name)
    for (const architecture of plugin.architectures ?? []) {
      for (const [name, config] of Object.entries<object>(architecture.variants))
        models.set(name, { name, architecture, config })
    }
    put(blocks, plugin.blocks)
    for (const engine of plugin.engines ?? []) engines.set(engine.name, engine)
    put(callbacks, plugin.callbacks)
    put(crops, plugin.crops)
    put(transforms, plugin.transforms)
    put(mixes, plugin.mixes)
    for (const augmentation of plugin.augmentations ?? []) augmentations.set(augmentation.name, augmentation)
    for (const format of plugin.datasets ?? []) datasets.set(format.name, format)
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
    crops,
    transforms,
    mixes,
    augmentations,
    datasets,
    weights,
    plugins: registered,
    model: lookUp(models, {
      kind: 'model',
      code: 'E_UNKNOWN_MODEL',
      list: 'convkit models',
      example: "import '@convkit/zoo/register'",
    }),
    block: lookUp(blocks, {
      kind: 'block',
      code: 'E_UNKNOWN_BLOCK',
      list: 'registry.blocks',
      example: "import '@convkit/zoo/register'",
    }),
    crop: lookUp(crops, { kind: 'crop', ...augmentationLookUp }),
    transform: lookUp(transforms, { kind: 'transform', ...augmentationLookUp }),
    mix: lookUp(mixes, { kind: 'mix', ...augmentationLookUp }),
    augmentation: lookUp(augmentations, { kind: 'augmentation', ...augmentationLookUp }),
  }
  return registry.register(...plugins)
}

function checkVersion({ name, api = pluginApi }: Plugin): void {
  if (api === pluginApi) return
  const outdated = api < pluginApi ? name : '@convkit/core'
  throw new ConvkitError(
    'E_VERSION',
    `The plugin '${name}' is made for version ${api} of the plugin interface, and ${import.meta.url} is for version ${pluginApi}: update ${outdated} (npm install ${outdated}@latest)`,
  )
}

function partsOf(plugin: Plugin): { kind: string; name: string }[] {
  const models = (plugin.architectures ?? []).flatMap(({ variants }) => Object.keys(variants))
  return [
    ...models.map((name) => ({ kind: 'model', name })),
    ...Object.keys(plugin.blocks ?? {}).map((name) => ({ kind: 'block', name })),
    ...(plugin.engines ?? []).map(({ name }) => ({ kind: 'engine', name })),
    ...Object.keys(plugin.callbacks ?? {}).map((name) => ({ kind: 'callback', name })),
    ...Object.keys(plugin.crops ?? {}).map((name) => ({ kind: 'crop', name })),
    ...Object.keys(plugin.transforms ?? {}).map((name) => ({ kind: 'transform', name })),
    ...Object.keys(plugin.mixes ?? {}).map((name) => ({ kind: 'mix', name })),
    ...(plugin.augmentations ?? []).map(({ name }) => ({ kind: 'augmentation', name })),
    ...(plugin.datasets ?? []).map(({ name }) => ({ kind: 'dataset format', name })),
    ...(plugin.weights ?? []).map(({ name }) => ({ kind: 'weights provider', name })),
  ]
}

function put<T>(parts: Map<string, T>, added: Readonly<Record<string, T>> = {}): void {
  for (const [name, part] of Object.entries(added)) parts.set(name, part)
}

interface LookUp {
  readonly kind: string
  readonly code: ErrorCode
  /** Where all names are; without it the message lists them. */
  readonly list?: string
  /** How such parts are registered. */
  readonly example: string
}

const augmentationLookUp = {
  code: 'E_UNKNOWN_AUGMENTATION',
  example: 'register(augment) of @convkit/augment',
} as const

function lookUp<T>(
  known: ReadonlyMap<string, T>,
  { kind, code, list, example }: LookUp,
): (name: string) => T {
  return (name) => {
    const found = known.get(name)
    if (found) return found
    const hint =
      known.size === 0
        ? `no ${kind} is registered; register a plugin first, such as: ${example}`
        : `nearest: ${nearest(name, known.keys()).join(', ')}; all of them: ${list ?? [...known.keys()].join(', ')}`
    throw new ConvkitError(code, `There is no ${kind} '${name}' (${hint})`)
  }
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
