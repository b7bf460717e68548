import { encodeModel, type OnnxGraph, toModel } from '@convkit/engine-onnx'
import type { TensorData } from '@convkit/graph'
import * as ort from 'onnxruntime-node'
import { sessionOptions } from './session-options.js'

/** Values of a graph for some images, by name. */
export type Batch = ReadonlyMap<string, TensorData>

/** A graph in ONNX Runtime, of which any values are given back. */
export interface GraphRunner {
  run(batch: Batch): Promise<Batch>
  dispose(): Promise<void>
}

/** @param inputAxes names for the first axes of the graph's inputs, which may have any size. */
export async function runGraph(
  graph: OnnxGraph,
  values: readonly string[],
  inputAxes: readonly string[] = ['batch'],
): Promise<GraphRunner> {
  const outputs = values.map((name) => ({ name, dtype: 'float32', shape: [] }) as const)
  const { model } = toModel({ ...graph, outputs }, { inputAxes })
  // types and ranks differ, and ONNX Runtime finds them out
  for (const output of model.graph?.output ?? []) output.type = undefined
  const session = await ort.InferenceSession.create(encodeModel(model), sessionOptions)
  return {
    async run(batch) {
      const feeds = Object.fromEntries(
        graph.inputs.map(({ name }) => {
          const { dtype, data, shape } = batch.get(name) as TensorData
          return [name, new ort.Tensor(dtype, data, shape)]
        }),
      )
      const results = await session.run(feeds)
      return new Map(
        values.map((name) => {
          const { type: dtype, dims: shape, data } = results[name] as ort.Tensor
          return [name, { dtype, shape, data } as TensorData]
        }),
      )
    },
    dispose: () => session.release(),
  }
}
