import type { Plugin } from '@convkit/core'
import { counted } from '../shared/text.js'

/** A plugin as it is listed. */
export interface PluginDescription {
  readonly name: string
  readonly version?: string
  /** Package, file or folder that it came from. */
  readonly module: string
  /** What it adds: `2 models (tiny_net_16, tiny_net_32)`, … */
  readonly parts: readonly string[]
}

export function describePlugin(plugin: Plugin, module: string): PluginDescription {
  const { name, version } = plugin
  const namesOf = (values: readonly { name: string }[] = []) => values.map((value) => value.name)
  const kinds: readonly (readonly [kind: string, names: readonly string[]])[] = [
    ['model', (plugin.architectures ?? []).flatMap(({ variants }) => Object.keys(variants))],
    ['block', Object.keys(plugin.blocks ?? {})],
    ['engine', namesOf(plugin.engines)],
    ['callback', Object.keys(plugin.callbacks ?? {})],
    ['crop', Object.keys(plugin.crops ?? {})],
    ['transform', Object.keys(plugin.transforms ?? {})],
    ['mix', Object.keys(plugin.mixes ?? {})],
    ['augmentation', namesOf(plugin.augmentations)],
    ['dataset format', namesOf(plugin.datasets)],
    ['weights provider', namesOf(plugin.weights)],
  ]
  const parts = kinds
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${counted(names.length, kind)} (${names.join(', ')})`)
  return {
    name,
    ...(version !== undefined && { version }),
    module,
    parts: parts.length > 0 ? parts : ['nothing'],
  }
}
