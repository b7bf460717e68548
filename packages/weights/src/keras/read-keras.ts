import { readFile } from 'node:fs/promises'
import { ConvkitError, floatTensor, type TensorMap } from '@convkit/core'
import { parseJson, reasonOf } from '../files/read-json.js'
import { openZip } from '../files/zip.js'
import { type Hdf5Dataset, readHdf5 } from './hdf5.js'
import { type KerasLayer, type KerasModel, layersOf } from './keras-model.js'
import { layerGroups } from './layer-groups.js'

/**
 * Reads what Keras 2 and 3 save: `.keras`, `.h5` and `.weights.h5`, whole networks and weights alone. Optimizer state is
 * left out, and nothing in a file is ever run.
 *
 * @throws E_WEIGHTS when the file is missing, damaged, or holds no weights.
 */
export async function readKeras(path: string): Promise<KerasModel> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ConvkitError('E_WEIGHTS', `Cannot read weights from ${path}: ${reasonOf(error)}`)
  })
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  const { weights, json } = isZip ? await readArchive(path) : { weights: bytes, json: undefined }
  const { datasets, config = json } = await readHdf5(weights, path)
  const topology = config === undefined ? undefined : parseJson(config, `${path}: the network's config`)
  const layers = layersOf(topology, path)
  const tensors = namedTensors(datasets, layers, layerGroups(topology), path)
  if (tensors.size > 0) return { source: path, tensors, layers }
  throw new ConvkitError('E_WEIGHTS', `${path} holds no weights: Keras did not write it`)
}

async function readArchive(path: string): Promise<{ weights: Uint8Array; json: string }> {
  const zip = await openZip(path)
  try {
    const weights = await zip.read('model.weights.h5')
    return { weights, json: new TextDecoder().decode(await zip.read('config.json')) }
  } finally {
    zip.close()
  }
}

/** Tensors by layer and variable, whichever way the file groups them. */
function namedTensors(
  datasets: readonly Hdf5Dataset[],
  layers: readonly KerasLayer[],
  groups: ReadonlyMap<string, string>,
  source: string,
): TensorMap {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const tensors: TensorMap = new Map()
  const add = (name: string, { shape, data }: Hdf5Dataset) => {
    if (tensors.has(name)) throw new ConvkitError('E_WEIGHTS', `${source} has two tensors called ${name}`)
    tensors.set(name, floatTensor(shape, data))
  }
  const numbered = new Map<string, Hdf5Dataset[]>()
  for (const dataset of datasets) {
    const { path, owner } = dataset
    if (path.at(-2) !== 'vars') add(legacyName(path), dataset)
    else {
      const group = path.slice(0, -2).join('/')
      const layer = owner ?? groups.get(group) ?? path.at(-3) ?? ''
      numbered.set(layer, [...(numbered.get(layer) ?? []), dataset])
    }
  }
  for (const [layer, variables] of numbered) {
    const ordered = variables.toSorted((a, b) => Number(a.path.at(-1)) - Number(b.path.at(-1)))
    const names = variableNames(ordered, byName.get(layer)?.config)
    ordered.forEach((dataset, i) => {
      add(`${layer}/${names[i] ?? i}`, dataset)
    })
  }
  return tensors
}

/** `model_weights/conv1/conv1/kernel:0` → `conv1/kernel`; Keras 1 wrote `conv1/conv1_W_1:0`. */
function legacyName(path: readonly string[]): string {
  const [layer = '', variable = ''] = path.slice(-2)
  const name = variable.replace(/:\d+$/, '')
  const [, kind = name] = /_(W|b|gamma|beta|running_mean|running_std)(?:_\d+)?$/.exec(name) ?? []
  return `${layer}/${keras1[kind] ?? kind}`
}

const keras1: Readonly<Record<string, string>> = {
  W: 'kernel',
  b: 'bias',
  running_mean: 'moving_mean',
  running_std: 'moving_variance',
}

/** What Keras 3 numbers: a layer's variables in the order in which it makes them. */
function variableNames(
  variables: readonly Hdf5Dataset[],
  config: Readonly<Record<string, unknown>> | undefined,
): readonly string[] {
  if ((variables[0]?.shape.length ?? 0) > 1) return ['kernel', 'bias']
  const moving = ['moving_mean', 'moving_variance']
  if (variables.length === 4) return ['gamma', 'beta', ...moving]
  if (variables.length === 3) return [config?.center === false ? 'gamma' : 'beta', ...moving]
  return variables.length === 2 ? moving : []
}
