import type { TensorData } from '@convkit/core'
import { encodeModel, type OnnxGraph, toModel } from '@convkit/engine-onnx'
import * as ort from 'onnxruntime-node'
import { inputName } from '../graph/inference-graph.js'
import { type Histogram, histogram, type Range, rangeOf } from './histogram.js'

/**
 * The range of each value of a graph over batches of images. All of their values are looked at twice: for the extremes,
 * then for the distribution between them.
 */
export async function calibrate(
  graph: OnnxGraph,
  values: readonly string[],
  batches: readonly (() => TensorData)[],
): Promise<ReadonlyMap<string, Range>> {
  const observed = {
    ...graph,
    outputs: values.map((name) => ({ name, dtype: 'float32', shape: [] }) as const),
  }
  const { model } = toModel(observed, { batchAxis: 'batch' })
  for (const { type } of model.graph?.output ?? []) {
    // ranks differ, and ONNX Runtime finds them out
    if (type?.value.case === 'tensorType') type.value.value.shape = undefined
  }
  const session = await ort.InferenceSession.create(encodeModel(model), { logSeverityLevel: 3 })
  const forEach = async (look: (name: string, data: Float32Array) => void) => {
    for (const batch of batches) {
      const { dtype, data, shape } = batch()
      const results = await session.run({ [inputName]: new ort.Tensor(dtype, data, shape) })
      for (const name of values) look(name, results[name]?.data as Float32Array)
    }
  }
  try {
    const extremes = new Map<string, Range>(values.map((name) => [name, { low: 0, high: 0 }]))
    await forEach((name, data) => extremes.set(name, widened(extremes.get(name) as Range, data)))
    const histograms = new Map<string, Histogram>(
      values.map((name) => [name, histogram(extremes.get(name) as Range)]),
    )
    await forEach((name, data) => histograms.get(name)?.add(data))
    return new Map(values.map((name) => [name, rangeOf(histograms.get(name) as Histogram)]))
  } finally {
    await session.release()
  }
}

function widened({ low, high }: Range, data: Float32Array): Range {
  let [least, most] = [low, high]
  for (const value of data) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return { low: least, high: most }
}
