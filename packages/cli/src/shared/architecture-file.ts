import { architectureFromData, type Registry, type Variant } from '@convkit/core'
import { isDataFile, readDataFile } from './data-file.js'

/** The data in a file that describes a network. @throws E_ARCHITECTURE when it cannot be read or is not JSON or YAML. */
export function readArchitectureData(file: string): Promise<Record<string, unknown>> {
  return readDataFile(file, 'E_ARCHITECTURE', 'name and layers')
}

/**
 * Adds the network that data describes to a registry, under the name in it.
 *
 * @throws E_ARCHITECTURE when the data is not valid, E_DUPLICATE when the registry has the name.
 */
export function registerArchitecture(registry: Registry, data: unknown, source: string): Variant {
  const architecture = architectureFromData(data, source)
  registry.register({ name: source, architectures: [architecture] })
  return registry.model(architecture.name)
}

/** A registered network by its name, or by the file that describes it. */
export async function variantOf(model: string, registry: Registry): Promise<Variant> {
  if (!isDataFile(model) || registry.models.has(model)) return registry.model(model)
  return registerArchitecture(registry, await readArchitectureData(model), model)
}
