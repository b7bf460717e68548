import blocks from '@convkit/blocks'
import { createRegistry, createVariant } from '@convkit/core'
import type { OnnxGraph } from '@convkit/engine-onnx'
import { onnxEngine } from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'
import { beforeAll, expect, it } from 'vitest'
import { checkImages } from '../check/check-images.js'
import { inputValues } from '../check/input-values.js'
import { onnxGraph } from '../onnx/onnx-graph.js'
import { type Batch, runGraph } from '../onnx/run-graph.js'
import { findActivations } from './activations.js'
import { calibrate } from './calibrate.js'
import { channelMeans } from './channel-means.js'
import { correctBiases } from './correct-biases.js'
import { rangeOf } from './histogram.js'
import { type QuantizedGraph, quantize } from './quantize.js'
import { stepwise } from './stepwise.js'

const registry = createRegistry(blocks, zoo)
let float: OnnxGraph
let quantized: QuantizedGraph
let batches: readonly Batch[]
beforeAll(async () => {
  const model = await createVariant(registry.model('resnet20'), {
    registry,
    config: { layers: [1, 1, 1] },
    preprocessing: { inputSize: [16, 16] },
    engine: await onnxEngine({ threads: 1 }),
    classes: 3,
  })
  const images = checkImages(model.preprocessing, 6, 1)
  batches = [images.slice(0, 4), images.slice(4)].map((batch) => {
    const values = inputValues(batch, model.preprocessing, { input: 'normalized', channels: 'first' })
    return new Map([['image', values]])
  })
  float = onnxGraph(model, 'normalized')
  const activations = findActivations(float)
  const histograms = await calibrate(float, activations.values, batches)
  const ranges = new Map([...histograms].map(([name, counted]) => [name, rangeOf(counted)]))
  quantized = quantize(float, activations, ranges)
})

/** The means of the layers' channels. */
async function means(graph: OnnxGraph): Promise<number[]> {
  const names = [...quantized.biases.keys()]
  const found = new Map(names.map((name) => [name, channelMeans()]))
  const runner = await runGraph(graph, names)
  for (const batch of batches)
    for (const [name, value] of await runner.run(batch)) found.get(name)?.add(value)
  return [...found.values()].flatMap((layer) => [...layer.means()])
}

it('means of channels are over all positions of all images', () => {
  const found = channelMeans()
  const data = Float32Array.of(1, 3, 10, 20, 5, 7, 30, 40)
  found.add({ dtype: 'float32', shape: [2, 2, 2], data })
  found.add({ dtype: 'float32', shape: [1, 2, 2], data: Float32Array.of(0, 2, 0, 20) })
  expect([...found.means()]).toEqual([3, 20])
})

it('a corrected layer gives on average what it gave before quantization', async () => {
  const expected = await means(float)
  const error = async (graph: OnnxGraph) => {
    const found = await means(graph)
    return Math.max(...found.map((mean, i) => Math.abs(mean - (expected[i] as number))))
  }
  const corrected = await correctBiases(float, quantized.graph, quantized.biases, batches)
  expect(quantized.biases.size).toBe(7)
  expect(await error(corrected)).toBeLessThan(0.05 * (await error(quantized.graph)))
})

it('a run that halts gives the same values, and sees what changes of later nodes', async () => {
  const { graph, biases } = quantized
  const changing = { ...graph, initializers: new Map(graph.initializers) }
  const halting = stepwise(changing, batches)
  const names = [...biases.keys()]
  const whole = await runGraph(graph, names)
  const expected = await Promise.all(batches.map((batch) => whole.run(batch)))
  for (const name of names) {
    const seen: unknown[] = []
    await halting.to(name, ({ data }) => void seen.push(data))
    expect(seen).toEqual(expected.map((values) => values.get(name)?.data))
  }
  const [first = '', second = ''] = names
  const again = stepwise(changing, batches)
  await again.to(first, () => {})
  const bias = biases.get(first)?.value ?? ''
  const value = changing.initializers.get(bias)
  if (value?.dtype !== 'int32') throw new Error(`${bias} is no bias`)
  changing.initializers.set(bias, { ...value, data: value.data.map((steps) => steps + 10_000) })
  await again.to(second, ({ data }) => expect(data).not.toEqual(expected[0]?.get(second)?.data))
})
