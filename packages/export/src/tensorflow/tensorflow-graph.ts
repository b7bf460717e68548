import type { FloatTensor, Model } from '@convkit/core'
import { lowerProgram, type SavedModelGraph } from '@convkit/engine-tensorflow'
import { batchProbes } from '../graph/fixed-batch.js'
import { inferenceGraph, type NetworkInput } from '../graph/inference-graph.js'
import { dynamicBatch } from './dynamic-batch.js'
import { foldConstants } from './fold-constants.js'

/** The name of the entry point, as TensorFlow Serving and others expect it. */
export const signatureName = 'serving_default'

/** A model as a TensorFlow graph for batches of any size, with its weights in it as constants. */
export function tensorflowGraph(model: Model, input: NetworkInput): SavedModelGraph {
  const weights = new Map<string, FloatTensor>()
  const [graph, other] = batchProbes.map((batchSize) => {
    const options = { input, channels: 'last', batchSize, expandBatchNorm: true } as const
    const { program, weight } = inferenceGraph(model, options)
    const { infer } = program.signatures
    return lowerProgram(
      { state: {}, signatures: { [signatureName]: infer as NonNullable<typeof infer> } },
      {
        weights(name) {
          const value = weights.get(name) ?? weight(name)
          weights.set(name, value)
          return value
        },
      },
    )
  }) as [SavedModelGraph, SavedModelGraph]
  const { nodes, signatures } = dynamicBatch(graph, other)
  const outputs = Object.values(signatures).flatMap((signature) => Object.values(signature.outputs))
  return {
    nodes: foldConstants(
      nodes,
      outputs.map(({ node }) => node),
    ),
    signatures,
  }
}
