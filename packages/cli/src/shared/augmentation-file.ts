import { basename } from 'node:path'
import { parseAugmentation } from '@convkit/augment'
import type { Augmentation, Registry } from '@convkit/core'
import { isDataFile, readDataFile } from './data-file.js'

/**
 * The data in a file that describes an augmentation, with the file's name where it has none.
 *
 * @throws E_AUGMENTATION when it cannot be read or is not JSON or YAML.
 */
export async function readAugmentationData(file: string): Promise<Record<string, unknown>> {
  return { name: basename(file), ...(await readDataFile(file, 'E_AUGMENTATION', 'crop, transforms or mix')) }
}

/** A registered recipe by its name, or an augmentation by the file that describes it. */
export async function readAugmentation(recipe: string, registry: Registry): Promise<Augmentation> {
  const data = isDataFile(recipe) ? await readAugmentationData(recipe) : recipe
  return parseAugmentation(data, registry, recipe)
}
