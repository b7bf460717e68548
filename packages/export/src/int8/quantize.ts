import type { Attributes, OnnxData, OnnxGraph, OnnxNode } from '@convkit/engine-onnx'
import { outputChannels } from '../onnx/tidy.js'
import type { Activations } from './activations.js'
import type { QuantizedBias } from './correct-biases.js'
import type { Range } from './histogram.js'

/** How real numbers lie in bytes: `real = scale · (byte − zero)`. */
interface Steps {
  readonly scale: number
  readonly zero: number
}

export interface QuantizedGraph {
  readonly graph: OnnxGraph
  /** The biases of layers, by the layers' outputs. */
  readonly biases: ReadonlyMap<string, QuantizedBias>
}

/**
 * A graph with 8-bit weights and activations, in the form of pairs of QuantizeLinear and DequantizeLinear, of which
 * runtimes make integer kernels: activations as uint8 of a tensor's range, weights as symmetric int8 of each output
 * channel's range, biases as int32, also where the layer had none.
 *
 * Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018.
 */
export function quantize(
  graph: OnnxGraph,
  { layers, values, sameRange }: Activations,
  ranges: ReadonlyMap<string, Range>,
): QuantizedGraph {
  const initializers = new Map(graph.initializers)
  const nodes: OnnxNode[] = []
  const biases = new Map<string, QuantizedBias>()
  const rangeFor = (name: string): Range => {
    const source = sameRange.get(name)
    return source === undefined ? (ranges.get(name) as Range) : rangeFor(source)
  }
  const steps = new Map(values.map((name) => [name, stepsOf(rangeFor(name))]))
  const restored = (name: string) => (steps.has(name) ? `${name}_dequantized` : name)
  const add = (op: string, inputs: readonly string[], output: string, axis?: number) => {
    const attributes: Attributes = axis === undefined ? {} : { axis }
    nodes.push({ op, domain: '', inputs, outputs: [output], attributes })
  }
  const addPair = (name: string) => {
    const { scale, zero } = steps.get(name) as Steps
    const [scaleName, zeroName] = [`${name}_scale`, `${name}_zero_point`]
    initializers.set(scaleName, { dtype: 'float32', shape: [], data: Float32Array.of(scale) })
    initializers.set(zeroName, { dtype: 'uint8', shape: [], data: Uint8Array.of(zero) })
    add('QuantizeLinear', [name, scaleName, zeroName], `${name}_quantized`)
    add('DequantizeLinear', [`${name}_quantized`, scaleName, zeroName], restored(name))
  }
  const addWeights = (node: OnnxNode): OnnxNode => {
    const [x = '', weight = '', bias = `${weight}_bias`] = node.inputs
    const input = steps.get(x)
    if (!input) return node
    const [values, offsets] = [initializers.get(weight), initializers.get(bias)]
    const axis = node.op === 'Gemm' && node.attributes.transB !== 1 ? 1 : 0
    const channels = outputChannels(node, values) ?? 0
    const quantized = quantizeWeights(values, offsets, { axis, channels, input: input.scale })
    const put = (name: string, parts: Readonly<Record<string, OnnxData>>, along: number) => {
      const inputs = Object.entries(parts).map(([part, value]) => {
        initializers.set(`${name}_${part}`, value)
        return `${name}_${part}`
      })
      add('DequantizeLinear', inputs, `${name}_dequantized`, along)
    }
    // ONNX Runtime needs their zeros where it makes them uint8: see README.
    const zeros = { dtype: 'int8', shape: [channels], data: new Int8Array(channels) } as const
    put(weight, { quantized: quantized.weights, scale: quantized.scales, zero_point: zeros }, axis)
    put(bias, { quantized: quantized.biases, scale: quantized.biasScales }, 0)
    biases.set(node.outputs[0] as string, { value: `${bias}_quantized`, scale: `${bias}_scale` })
    return { ...node, inputs: [x, `${weight}_dequantized`, `${bias}_dequantized`] }
  }

  for (const { name } of graph.inputs) if (steps.has(name)) addPair(name)
  for (const node of graph.nodes) {
    const layer = layers.has(node) ? addWeights(node) : node
    nodes.push({ ...layer, inputs: layer.inputs.map(restored) })
    for (const name of node.outputs) if (steps.has(name)) addPair(name)
  }
  const read = new Set(nodes.flatMap(({ inputs }) => inputs))
  const kept = new Map([...initializers].filter(([name]) => read.has(name)))
  return { graph: { ...graph, nodes, initializers: kept }, biases }
}

function stepsOf({ low, high }: Range): Steps {
  const scale = Math.fround(Math.max(high - low, Number.EPSILON) / 255)
  return { scale, zero: Math.min(255, Math.max(0, Math.round(-low / scale))) }
}

interface Layer {
  /** Of the weights, the axis of the output channels. */
  readonly axis: 0 | 1
  readonly channels: number
  /** The scale of what goes in. */
  readonly input: number
}

function quantizeWeights(
  weights: OnnxData | undefined,
  biases: OnnxData | undefined,
  { axis, channels, input }: Layer,
) {
  if (weights?.dtype !== 'float32') throw new Error('The weights of a layer are not float32')
  const { data, shape } = weights
  const channelOf = (i: number) => (axis === 0 ? Math.floor((i * channels) / data.length) : i % channels)
  const offsets = Array.from({ length: channels }, (_, channel) => Number(biases?.data[channel] ?? 0))
  const largest = new Float64Array(channels)
  for (let i = 0; i < data.length; i++) {
    const channel = channelOf(i)
    largest[channel] = Math.max(largest[channel] as number, Math.abs(data[i] as number))
  }
  // A bias has to fit in 32 bits, of steps as small as the channel's weights make them.
  const scales = Float32Array.from(largest, (most, channel) =>
    Math.max(most / 127, Math.abs(offsets[channel] as number) / (input * 2 ** 30), 1e-12),
  )
  const biasScales = scales.map((scale) => scale * input)
  const rounded = Int8Array.from(data, (value, i) => {
    return Math.min(127, Math.max(-127, Math.round(value / (scales[channelOf(i)] as number))))
  })
  return {
    weights: { dtype: 'int8', shape, data: rounded },
    scales: { dtype: 'float32', shape: [channels], data: scales },
    biases: {
      dtype: 'int32',
      shape: [channels],
      data: Int32Array.from(offsets, (value, channel) => Math.round(value / (biasScales[channel] as number))),
    },
    biasScales: { dtype: 'float32', shape: [channels], data: biasScales },
  } as const satisfies Record<string, OnnxData>
}
