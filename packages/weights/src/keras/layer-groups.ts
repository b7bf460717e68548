import { innerLayers, isRecord } from './keras-model.js'

/**
 * Which layer each group of a Keras 3 file of weights is: `layers/conv2d_1` → `conv1`. Groups are called by their layer's
 * class, and counted; since 2025 they also say the layer's own name.
 */
export function layerGroups(topology: unknown): ReadonlyMap<string, string> {
  const groups = new Map<string, string>()
  const visit = (config: unknown, prefix: string): void => {
    const counts = new Map<string, number>()
    for (const layer of innerLayers(config) ?? []) {
      if (!isRecord(layer) || typeof layer.class_name !== 'string' || !isRecord(layer.config)) continue
      const kind = snakeCase(layer.class_name)
      const count = counts.get(kind) ?? 0
      counts.set(kind, count + 1)
      const group = `${prefix}layers/${kind}${count > 0 ? `_${count}` : ''}`
      groups.set(group, String(layer.config.name ?? ''))
      visit(layer.config, `${group}/`)
    }
  }
  if (isRecord(topology)) visit(topology.config, '')
  return groups
}

/** `BatchNormalization` → `batch_normalization`, `Conv2D` → `conv2d`, as Keras writes them. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
