import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConvkitError, type TensorMap } from '@convkit/core'
import * as v from 'valibot'
import { readJson, reasonOf } from '../files/read-json.js'
import { type KerasModel, layersOf } from '../keras/keras-model.js'
import { decodeGroup, groupSchema } from './weights-manifest.js'

/** Its images are squares out of the middle, and pixels x / 127 − 1. */
const teachableMachine = {
  cropPct: 1,
  cropMode: 'center',
  interpolation: 'bilinear',
  mean: [127 / 255, 127 / 255, 127 / 255],
  std: [127 / 255, 127 / 255, 127 / 255],
} as const

const modelFile = 'model.json'
const modelSchema = v.object({
  format: v.optional(v.picklist(['layers-model', 'graph-model']), 'layers-model'),
  modelTopology: v.optional(v.unknown()),
  weightsManifest: v.array(groupSchema),
})
/** What Teachable Machine writes beside its exports. */
const metadataSchema = v.object({
  labels: v.array(v.string()),
  packageName: v.optional(v.string()),
  imageSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 224),
})

/**
 * Reads a TensorFlow.js model: `model.json` (or its folder) and the files of weights that it names, quantized ones too.
 * A layers model also gives its layers; a graph model, whose tensors have the names of TensorFlow's nodes, does not.
 *
 * @throws E_WEIGHTS when a file is missing, damaged, or not where `model.json` is.
 */
export async function readTfjs(path: string): Promise<KerasModel> {
  const info = await stat(path).catch(() => undefined)
  const file = info?.isDirectory() ? join(path, modelFile) : path
  const parsed = v.safeParse(modelSchema, await readJson(file))
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new ConvkitError(
      'E_WEIGHTS',
      `${file} is not a TensorFlow.js model: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`,
    )
  }
  const { format, modelTopology, weightsManifest } = parsed.output
  const folder = dirname(file)
  const tensors: TensorMap = new Map()
  for (const { paths, weights } of weightsManifest) {
    const bytes = await readShards(folder, paths, file)
    for (const [name, tensor] of decodeGroup(weights, bytes, file)) {
      if (tensors.has(name)) throw new ConvkitError('E_WEIGHTS', `${file} has two tensors called ${name}`)
      tensors.set(name, tensor)
    }
  }
  return {
    source: file,
    tensors,
    layers: format === 'layers-model' ? layersOf(modelTopology, file) : [],
    ...(await readMetadata(join(folder, 'metadata.json'))),
  }
}

async function readShards(folder: string, paths: readonly string[], source: string): Promise<Uint8Array> {
  const shards: Uint8Array[] = []
  if (new Set(paths).size < paths.length) {
    throw new ConvkitError('E_WEIGHTS', `${source} names a file of weights twice in one group; it is damaged`)
  }
  for (const path of paths) {
    // A model must not reach files outside of its folder.
    if (/^([/\\]|[a-z]+:)|(^|[/\\])\.\.([/\\]|$)/i.test(path)) {
      throw new ConvkitError(
        'E_WEIGHTS',
        `${source} names the weights ${JSON.stringify(path)}, which are not in its folder; download the files beside it`,
      )
    }
    const shard = await readFile(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      throw new ConvkitError('E_WEIGHTS', `Cannot read ${join(folder, path)}: ${reasonOf(error)}`)
    })
    shards.push(shard)
  }
  return shards.length === 1 && shards[0] ? shards[0] : Buffer.concat(shards)
}

async function readMetadata(path: string): Promise<Pick<KerasModel, 'labels' | 'preprocessing'>> {
  const parsed = v.safeParse(metadataSchema, await readJson(path).catch(() => undefined))
  if (!parsed.success) return {}
  const { labels, packageName, imageSize } = parsed.output
  if (packageName !== '@teachablemachine/image') return { labels }
  return { labels, preprocessing: { ...teachableMachine, inputSize: [imageSize, imageSize] } }
}
