import { open, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import {
  ConvkitError,
  type PretrainedWeights,
  parseModelRecord,
  type TensorMap,
  type TraceVariantOptions,
  type Variant,
} from '@convkit/core'
import { readWeights } from '@convkit/core/node'
import { readJson } from '../files/read-json.js'
import { fromKeras } from '../keras/from-keras.js'
import type { KerasModel } from '../keras/keras-model.js'
import { readKeras } from '../keras/read-keras.js'
import { readNpz } from '../numpy/read-npz.js'
import { readPyTorch } from '../pytorch/read-pytorch.js'
import { readTfjs } from '../tfjs/read-tfjs.js'

type Context = Pick<TraceVariantOptions, 'config' | 'registry'>

const tensorReaders: Readonly<Record<string, (path: string) => Promise<TensorMap>>> = {
  '.safetensors': readWeights,
  '.npz': readNpz,
  '.pth': readPyTorch,
  '.pt': readPyTorch,
  '.bin': readPyTorch,
  '.tar': readPyTorch,
}
const kerasReaders: Readonly<Record<string, (path: string) => Promise<KerasModel>>> = {
  '.h5': readKeras,
  '.hdf5': readKeras,
  '.keras': readKeras,
  '.json': readTfjs,
}

const endingOf = (path: string) => extname(path).toLowerCase()

/** Whether a name is that of a file of weights, be there one or not. */
export function hasReader(path: string): boolean {
  return endingOf(path) in tensorReaders || endingOf(path) in kerasReaders
}

/**
 * Reads weights for a model from a file of any format, by its ending; or from a folder of timm (`config.json` beside
 * `model.safetensors` or `pytorch_model.bin`) or TensorFlow.js (`model.json`).
 *
 * @throws E_WEIGHTS and the readers' errors.
 */
export async function readPretrained(
  path: string,
  variant: Variant,
  context: Context = {},
): Promise<PretrainedWeights> {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw new ConvkitError('E_WEIGHTS', `Cannot read weights from ${path}: there is no such file`)
  if (info.isDirectory()) return readFolder(path, variant, context)
  const ending = endingOf(path)
  const readTensors = tensorReaders[ending]
  if (readTensors) return { source: path, tensors: await readTensors(path) }
  const readModel = kerasReaders[ending]
  if (readModel) return fromKeras(await readModel(path), variant, context)
  const known = [...Object.keys(tensorReaders), ...Object.keys(kerasReaders)].join(', ')
  throw new ConvkitError(
    'E_WEIGHTS',
    `${basename(path)} does not say what it is: a file of weights ends in ${known}`,
  )
}

async function readFolder(folder: string, variant: Variant, context: Context): Promise<PretrainedWeights> {
  if (await isFile(join(folder, 'config.json'))) return readTimm(folder, variant)
  if (await isFile(join(folder, 'model.json'))) return fromKeras(await readTfjs(folder), variant, context)
  throw new ConvkitError(
    'E_WEIGHTS',
    `${folder} has neither config.json, as timm's folders, nor model.json, as TensorFlow.js's`,
  )
}

async function readTimm(folder: string, variant: Variant): Promise<PretrainedWeights> {
  const safetensors = join(folder, 'model.safetensors')
  const file = (await isFile(safetensors)) ? safetensors : join(folder, 'pytorch_model.bin')
  return timmWeights(join(folder, 'config.json'), file, folder, variant)
}

/** Weights in `file` with what timm's `config.json` says of them. @throws E_WEIGHTS when they are another model's. */
export async function timmWeights(
  configFile: string,
  file: string,
  source: string,
  variant: Variant,
): Promise<PretrainedWeights> {
  const record = parseModelRecord(JSON.stringify(await readJson(configFile)), configFile)
  if (record.name !== variant.name) {
    throw new ConvkitError(
      'E_WEIGHTS',
      `${source} has weights of ${record.name}, not of ${variant.name}; ask for that model`,
    )
  }
  const { classes, config, preprocessing } = record
  // The model is what decides its input channels; the first convolution is adapted.
  const { channels: _, ...others } = preprocessing
  const read = tensorReaders[extname(file)] ?? readPyTorch
  return {
    source,
    tensors: await read(file),
    preprocessing: others,
    config,
    ...(typeof classes === 'object' && { classes }),
  }
}

async function isFile(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined)
  await file?.close()
  return file !== undefined
}
