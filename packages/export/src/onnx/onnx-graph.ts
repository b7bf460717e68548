import type { FloatTensor, Model } from '@convkit/core'
import { lowerSignature, type OnnxGraph } from '@convkit/engine-onnx'
import { batchProbes } from '../graph/fixed-batch.js'
import { inferenceGraph, type NetworkInput } from '../graph/inference-graph.js'
import { dynamicBatch } from './dynamic-batch.js'
import { tidy } from './tidy.js'

/** A model as an ONNX graph of standard ops for batches of any size, with its weights in it. */
export function onnxGraph(model: Model, input: NetworkInput): OnnxGraph {
  const weights = new Map<string, FloatTensor>()
  const [graph, other] = batchProbes.map((batchSize) => {
    const { program, weight } = inferenceGraph(model, { input, channels: 'first', batchSize })
    return lowerSignature(program, 'infer', {
      weights(name) {
        const value = weights.get(name) ?? weight(name)
        weights.set(name, value)
        return value
      },
    }).graph
  }) as [OnnxGraph, OnnxGraph]
  return tidy(dynamicBatch(graph, other))
}
