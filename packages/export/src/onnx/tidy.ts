import type { OnnxData, OnnxGraph, OnnxNode } from '@convkit/engine-onnx'
import { type Shape, sizeOf } from '@convkit/graph'

/** A graph as tools for ONNX files expect it: weights in their final shapes, and biases inside of their layers. */
export function tidy(graph: OnnxGraph): OnnxGraph {
  return withoutUnread(withBiases(withReshapedWeights(graph)))
}

/** Makes the reshaped form of a weight a weight. */
function withReshapedWeights(graph: OnnxGraph): OnnxGraph {
  const initializers = new Map(graph.initializers)
  const nodes = graph.nodes.filter(({ op, inputs: [x = '', shape = ''], outputs: [y = ''] }) => {
    const [weight, sizes] = [initializers.get(x), initializers.get(shape)]
    if (op !== 'Reshape' || !weight || sizes?.dtype !== 'int64') return true
    initializers.set(y, withShape(weight, [...sizes.data].map(Number)))
    return false
  })
  return renamedWeights({ ...graph, nodes, initializers }, graph)
}

const withShape = (value: OnnxData, shape: Shape): OnnxData => ({ ...value, shape })

/** Gives a reshaped weight its name back, where nothing reads the weight in its first shape. */
function renamedWeights(graph: OnnxGraph, original: OnnxGraph): OnnxGraph {
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  const names = new Map<string, string>()
  for (const {
    op,
    inputs: [x = ''],
    outputs: [y = ''],
  } of original.nodes) {
    const isWeight = op === 'Reshape' && original.initializers.has(x) && graph.initializers.has(y)
    if (isWeight && !read.has(x) && ![...names.values()].includes(x)) names.set(y, x)
  }
  const rename = (name: string) => names.get(name) ?? name
  const first = [...graph.initializers].filter(([name]) => read.has(name))
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename) })),
    initializers: new Map(first.map(([name, value]) => [rename(name), value])),
  }
}

/** Layers that take a bias, one value for each of their output channels, as their third input. */
const layers = new Set(['Conv', 'Gemm'])

/** `convolution(x) + b` is one convolution; so is a product of matrices, also where an image is made of it first. */
function withBiases(graph: OnnxGraph): OnnxGraph {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const readers = new Map<string, number>(graph.outputs.map(({ name }) => [name, 1]))
  for (const name of graph.nodes.flatMap(({ inputs }) => inputs))
    readers.set(name, (readers.get(name) ?? 0) + 1)
  const onlyFor = (value = '') => (readers.get(value) === 1 ? makers.get(value) : undefined)
  const initializers = new Map(graph.initializers)
  const replaced = new Map<OnnxNode, OnnxNode | undefined>()
  for (const node of graph.nodes) {
    if (node.op !== 'Add') continue
    const [bias = ''] = node.inputs.filter((name) => initializers.has(name))
    const maker = onlyFor(node.inputs.find((name) => name !== bias))
    const reshape = maker?.op === 'Reshape' ? maker : undefined
    const layer = reshape ? onlyFor(reshape.inputs[0]) : maker
    const value = initializers.get(bias)
    if (!layer || !value || !layers.has(layer.op) || layer.inputs.length > 2) continue
    const channels = outputChannels(layer, initializers.get(layer.inputs[1] as string))
    const isImage = layer.op === 'Conv' || (reshape && isPixel(initializers.get(reshape.inputs[1] as string)))
    const axis = value.shape.length - (isImage ? 3 : 1)
    if (sizeOf(value.shape) !== channels || value.shape[axis] !== channels) continue
    initializers.set(bias, withShape(value, [channels]))
    const inputs = [...layer.inputs, bias]
    replaced.set(node, undefined)
    replaced.set(layer, { ...layer, inputs, ...(!reshape && { outputs: node.outputs }) })
    if (reshape) replaced.set(reshape, { ...reshape, outputs: node.outputs })
  }
  const nodes = graph.nodes.flatMap((node) => (replaced.has(node) ? (replaced.get(node) ?? []) : node))
  return { ...graph, nodes, initializers }
}

/** Whether sizes are those of images of one pixel, `[n, c, 1, 1]`. */
const isPixel = (sizes: OnnxData | undefined) =>
  sizes?.dtype === 'int64' && sizes.data.length === 4 && sizes.data[2] === 1n && sizes.data[3] === 1n

/** How many channels a layer makes, where its weights are known. */
export function outputChannels(
  { op, attributes }: OnnxNode,
  filter: OnnxData | undefined,
): number | undefined {
  return op === 'Gemm' && attributes.transB !== 1 ? filter?.shape[1] : filter?.shape[0]
}

function withoutUnread(graph: OnnxGraph): OnnxGraph {
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  return { ...graph, initializers: new Map([...graph.initializers].filter(([name]) => read.has(name))) }
}
