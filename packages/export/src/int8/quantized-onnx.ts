import { type Model, type Pixels, preprocess } from '@convkit/core'
import type { OnnxGraph } from '@convkit/engine-onnx'
import { inputValues } from '../check/input-values.js'
import type { ModelInput } from '../graph/inference-graph.js'
import { findActivations } from './activations.js'
import { calibrate } from './calibrate.js'
import { quantize } from './quantize.js'

/** Images that go through the network at once: all of their activations are held. */
const batchSize = 4

/** The quantized form of a model's graph, its ranges those of images of any size. */
export async function quantizeGraph(
  graph: OnnxGraph,
  { preprocessing }: Pick<Model, 'preprocessing'>,
  input: ModelInput,
  images: readonly Pixels[],
): Promise<OnnxGraph> {
  const activations = findActivations(graph)
  const batches = Array.from({ length: Math.ceil(images.length / batchSize) }, (_, i) => () => {
    const batch = images.slice(i * batchSize, (i + 1) * batchSize)
    const prepared = batch.map((image) => preprocess(image, preprocessing))
    return inputValues(prepared, preprocessing, { input, channels: 'first' })
  })
  return quantize(graph, activations, await calibrate(graph, activations.values, batches))
}
