import type { Model } from '@convkit/core'
import { graphJson, signatureJson, type TensorFlowNode } from '@convkit/engine-tensorflow'
import type { TensorData } from '@convkit/graph'
import type { NetworkInput } from '../graph/inference-graph.js'
import { metadataOf } from '../metadata.js'
import type { ExportedFiles } from '../output.js'
import { tensorOf } from '../tensorflow/dynamic-batch.js'
import { signatureName, tensorflowGraph } from '../tensorflow/tensorflow-graph.js'
import { splitMeans } from './split-means.js'

/** The size of a weight file, which browsers cache and load side by side. */
const shardBytes = 4 * 2 ** 20

/** The files of a TensorFlow.js graph model: `model.json` and the weights in shards, for `tf.loadGraphModel`. */
export function encodeGraphModel(model: Model, input: NetworkInput): ExportedFiles {
  const graph = tensorflowGraph(model, input)
  const nodes = splitMeans(graph.nodes).map(withoutBytes)
  const constants = nodes.filter(({ op }) => op === 'Const')
  const shards = shardsOf(constants.map((node) => bytesOf(tensorOf(node))))
  const paths = shards.map((_, i) => `group1-shard${i + 1}of${shards.length}.bin`)
  const signature = graph.signatures[signatureName]
  const description = {
    format: 'graph-model',
    generatedBy: 'convkit',
    convertedBy: 'convkit',
    ...(signature && { signature: signatureJson(withoutByteEndpoints(signature)) }),
    userDefinedMetadata: metadataOf(model, input),
    modelTopology: graphJson(nodes.map(toTopology)),
    weightsManifest: [{ paths, weights: constants.map(entryOf) }],
  }
  return new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(description))],
    ...paths.map((path, i) => [path, shards[i] as Uint8Array] as const),
  ])
}

/** TensorFlow.js has no bytes: pixels are int32, as `tf.browser.fromPixels` gives them. */
function withoutBytes(node: TensorFlowNode): TensorFlowNode {
  const attributes = Object.entries(node.attributes).map(([name, value]) => {
    const isByte = typeof value === 'object' && 'type' in value && value.type === 'uint8'
    return [name, isByte ? { type: 'int32' as const } : value] as const
  })
  return { ...node, attributes: Object.fromEntries(attributes) }
}

type Signature = Parameters<typeof signatureJson>[0]

function withoutByteEndpoints({ inputs, outputs }: Signature): Signature {
  const widened = Object.entries(inputs).map(([name, endpoint]) => {
    return [name, endpoint.dtype === 'uint8' ? { ...endpoint, dtype: 'int32' as const } : endpoint] as const
  })
  return { inputs: Object.fromEntries(widened), outputs }
}

function entryOf(node: TensorFlowNode) {
  const { shape, dtype } = tensorOf(node)
  return { name: node.name, shape, dtype }
}

const bytesOf = ({ data }: TensorData) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

const window = { dilations: [1, 1, 1, 1], data_format: 'NHWC' }

/** Attributes that TensorFlow has by default, and TensorFlow.js does not. */
const defaults: Readonly<Record<string, TensorFlowNode['attributes']>> = {
  Conv2D: window,
  DepthwiseConv2dNative: window,
}

/** A node as the topology has it: the values of constants are in the weights. */
function toTopology(node: TensorFlowNode): TensorFlowNode {
  const { value: _, ...constant } = node.attributes
  const attributes = node.op === 'Const' ? constant : { ...defaults[node.op], ...node.attributes }
  return { ...node, attributes }
}

/** All bytes one after another, cut into pieces. */
function shardsOf(parts: readonly Uint8Array[]): Uint8Array[] {
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  const all = new Uint8Array(total)
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  const count = Math.max(1, Math.ceil(total / shardBytes))
  return Array.from({ length: count }, (_, i) => all.subarray(i * shardBytes, (i + 1) * shardBytes))
}
