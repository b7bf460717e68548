import type { OnnxData, OnnxGraph } from '@convkit/engine-onnx'
import { type Batch, runGraph } from '../onnx/run-graph.js'
import { channelMeans } from './channel-means.js'
import { stepwise } from './stepwise.js'

/** The name of a quantized bias, and its scale's. */
export interface QuantizedBias {
  readonly value: string
  readonly scale: string
}

/**
 * Adds to the biases of quantized layers what their outputs are too low by on average over batches of images, a value for
 * each channel. One layer after the other: each makes up for those before it too.
 *
 * Nagel et al., Data-Free Quantization through Weight Equalization and Bias Correction, 2019, appendix D.
 *
 * @param biases of the layers whose outputs they are listed by, in the order in which these are computed.
 */
export async function correctBiases(
  float: OnnxGraph,
  quantized: OnnxGraph,
  biases: ReadonlyMap<string, QuantizedBias>,
  batches: readonly Batch[],
): Promise<OnnxGraph> {
  const expected = await meansOf(float, [...biases.keys()], batches)
  const initializers = new Map(quantized.initializers)
  const graph = { ...quantized, initializers }
  const run = stepwise(graph, batches)
  for (const [output, { value, scale }] of biases) {
    const found = channelMeans()
    await run.to(output, found.add)
    const means = found.means()
    const missing = expected.get(output)?.map((mean, channel) => mean - (means[channel] as number))
    initializers.set(value, raised(initializers.get(value), initializers.get(scale), missing))
  }
  return graph
}

async function meansOf(graph: OnnxGraph, values: readonly string[], batches: readonly Batch[]) {
  const found = new Map(values.map((name) => [name, channelMeans()]))
  const runner = await runGraph(graph, values)
  for (const batch of batches)
    for (const [name, value] of await runner.run(batch)) found.get(name)?.add(value)
  await runner.dispose()
  return new Map([...found].map(([name, { means }]) => [name, means()]))
}

function raised(
  bias: OnnxData | undefined,
  scales: OnnxData | undefined,
  by: Float64Array | undefined,
): OnnxData {
  if (bias?.dtype !== 'int32' || scales?.dtype !== 'float32' || !by)
    throw new Error('The bias of a layer is not int32')
  const steps = by.map((value, channel) => Math.round(value / (scales.data[channel] as number)))
  return { ...bias, data: bias.data.map((value, channel) => value + (steps[channel] as number)) }
}
