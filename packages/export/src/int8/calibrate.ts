import type { OnnxGraph } from '@convkit/engine-onnx'
import type { TensorData } from '@convkit/graph'
import { type Batch, runGraph } from '../onnx/run-graph.js'
import { type Histogram, histogram, type Range } from './histogram.js'

/**
 * How each value of a graph is distributed over batches of images. All of their values are looked at twice: for the
 * extremes, then for the distribution between them.
 */
export async function calibrate(
  graph: OnnxGraph,
  values: readonly string[],
  batches: readonly Batch[],
): Promise<ReadonlyMap<string, Histogram>> {
  const runner = await runGraph(graph, values)
  const forEach = async (look: (name: string, data: TensorData['data']) => void) => {
    for (const batch of batches) {
      for (const [name, { data }] of await runner.run(batch)) look(name, data)
    }
  }
  try {
    const extremes = new Map<string, Range>(values.map((name) => [name, { low: 0, high: 0 }]))
    await forEach((name, data) => extremes.set(name, widened(extremes.get(name) as Range, data)))
    const histograms = new Map([...extremes].map(([name, range]) => [name, histogram(range)]))
    await forEach((name, data) => histograms.get(name)?.add(data))
    return histograms
  } finally {
    await runner.dispose()
  }
}

function widened({ low, high }: Range, data: TensorData['data']): Range {
  let [least, most] = [low, high]
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number
    if (value < least) least = value
    if (value > most) most = value
  }
  return { low: least, high: most }
}
