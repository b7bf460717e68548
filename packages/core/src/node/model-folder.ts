import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError } from '@convkit/graph'
import { type CreateModelOptions, createVariant, type Model } from '../model.js'
import { modelRecord, parseModelRecord } from '../model-record.js'
import { defaultRegistry } from '../registry.js'
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js'
import type { TensorMap } from '../tensors.js'
import { writeFolderAtomically } from './atomic-folder.js'

const configFile = 'config.json'
const weightsFile = 'model.safetensors'

/** Writes a model as a timm folder: `config.json` and `model.safetensors`. Replaces a model that is there. */
export async function saveModel(model: Model, folder: string): Promise<void> {
  const config = new TextEncoder().encode(`${JSON.stringify(modelRecord(model), null, 2)}\n`)
  const weights = encodeSafetensors(new Map(model.weights))
  await writeFolderAtomically(
    folder,
    new Map([
      [configFile, config],
      [weightsFile, weights],
    ]),
  )
}

/**
 * Makes the model of a timm folder; `options` override what the folder says.
 *
 * @throws E_MODEL when the folder is missing or its config is not valid, E_SAFETENSORS, E_WEIGHTS, E_UNKNOWN_MODEL.
 */
export async function loadModel(
  folder: string,
  options: Omit<CreateModelOptions, 'classes' | 'weights'> = {},
): Promise<Model> {
  const path = join(folder, configFile)
  const json = await readFile(path, 'utf8').catch(() => {
    throw new ConvkitError('E_MODEL', `${folder} is not a model folder: it has no ${configFile}`)
  })
  const description = parseModelRecord(json, path)
  const { name, classes, preprocessing, config, severalLabels, architecture, head } = description
  const registry = options.registry ?? defaultRegistry()
  const variant = architecture ? { name, architecture, config: {} } : registry.model(name)
  const model = await createVariant(variant, {
    severalLabels,
    ...options,
    classes,
    head: options.head ?? head,
    config: { ...config, ...options.config },
    preprocessing: { ...preprocessing, ...options.preprocessing },
    weights: await readWeights(folder),
  })
  if (model.pretrained?.newHead) {
    throw new ConvkitError(
      'E_WEIGHTS',
      `${folder} has ${model.classes.length} classes in ${configFile}, but not in ${weightsFile}: ${model.pretrained.notes[0]}`,
    )
  }
  return model
}

/**
 * Reads weights from a safetensors file, or from a folder that holds `model.safetensors`.
 *
 * @throws E_WEIGHTS when there is no such file, E_SAFETENSORS when it is damaged.
 */
export async function readWeights(path: string): Promise<TensorMap> {
  const info = await stat(path).catch(() => undefined)
  const file = info?.isDirectory() ? join(path, weightsFile) : path
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message
    throw new ConvkitError('E_WEIGHTS', `Cannot read weights from ${file}: ${reason}`)
  })
  return decodeSafetensors(bytes, file)
}
