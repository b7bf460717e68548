import { readFile } from 'node:fs/promises'
import { architectureFromData, ConvkitError, type Registry, type Variant } from '@convkit/core'
import { parse } from 'yaml'

/** Whether a model is named by a JSON or YAML file that describes its network. */
export function isArchitectureFile(model: string): boolean {
  return /\.(json|ya?ml)$/i.test(model)
}

/** The data in such a file. @throws E_ARCHITECTURE when it cannot be read or is not JSON or YAML. */
export async function readArchitectureData(file: string): Promise<Record<string, unknown>> {
  const fail = (problem: string) => new ConvkitError('E_ARCHITECTURE', `${file} ${problem}`)
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw fail(`cannot be read: ${error.message}`)
  })
  let data: unknown
  try {
    data = parse(text) // JSON is YAML
  } catch (error) {
    throw fail(`is not JSON or YAML: ${(error as Error).message.split('\n', 1)[0]}`)
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { ...data }
  throw fail('does not hold an object with name and layers')
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
  if (!isArchitectureFile(model) || registry.models.has(model)) return registry.model(model)
  return registerArchitecture(registry, await readArchitectureData(model), model)
}
