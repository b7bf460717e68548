import { type Model, type Pixels, preprocess } from '@convkit/core'
import type { OnnxGraph } from '@convkit/engine-onnx'
import { inputValues } from '../check/input-values.js'
import { inputName, type NetworkInput } from '../graph/inference-graph.js'
import { findActivations } from './activations.js'
import { calibrate } from './calibrate.js'
import { correctBiases } from './correct-biases.js'
import { rangeOf } from './histogram.js'
import { quantize } from './quantize.js'

/** Images that go through the network at once: all of their activations are held. */
const batchSize = 4

/** The quantized form of a model's graph, its ranges and biases by images of any size. */
export async function quantizeGraph(
  graph: OnnxGraph,
  { preprocessing }: Pick<Model, 'preprocessing'>,
  input: NetworkInput,
  images: readonly Pixels[],
): Promise<OnnxGraph> {
  const activations = findActivations(graph)
  const batches = Array.from({ length: Math.ceil(images.length / batchSize) }, (_, i) => {
    const batch = images.slice(i * batchSize, (i + 1) * batchSize)
    const prepared = batch.map((image) => preprocess(image, preprocessing))
    return new Map([[inputName, inputValues(prepared, preprocessing, { input, channels: 'first' })]])
  })
  const histograms = await calibrate(graph, activations.values, batches)
  const ranges = new Map([...histograms].map(([name, counted]) => [name, rangeOf(counted)]))
  const quantized = quantize(graph, activations, ranges)
  return correctBiases(graph, quantized.graph, quantized.biases, batches)
}
