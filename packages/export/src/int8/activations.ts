import type { OnnxGraph, OnnxNode } from '@convkit/engine-onnx'

/** What of a graph is quantized. */
export interface Activations {
  /** Layers whose weights and biases are quantized. */
  readonly layers: ReadonlySet<OnnxNode>
  /** Values that are held in 8 bits, in the order in which they are computed. */
  readonly values: readonly string[]
  /** Values whose range is that of another one: a pool or a reshape changes none. */
  readonly sameRange: ReadonlyMap<string, string>
}

const activationOps = new Set(['Relu', 'Clip'])
const rangeKeepers = new Set(['MaxPool', 'Reshape', 'Transpose'])

/** The share of a graph's numbers up to which its last layer stays float32. */
const smallShare = 0.05

/**
 * The layers whose weights are quantized: all, but for a last one that gives the logits and is a small part of the graph.
 * Heads that were fitted to few classes weigh features of small spread by large numbers, which steps of a common size
 * would drown.
 */
function quantizedLayers({ nodes, initializers, outputs }: OnnxGraph): ReadonlySet<OnnxNode> {
  const sizeOfWeights = ({ inputs }: OnnxNode) => initializers.get(inputs[1] as string)?.data.length ?? 0
  const layers = nodes.filter((node) => (node.op === 'Conv' || node.op === 'Gemm') && sizeOfWeights(node) > 0)
  const total = layers.reduce((sum, node) => sum + sizeOfWeights(node), 0)
  const isHead = (node: OnnxNode) => outputs.some(({ name }) => node.outputs.includes(name))
  return new Set(layers.filter((node) => !isHead(node) || sizeOfWeights(node) > smallShare * total))
}

/**
 * What goes into layers and sums and what comes out of them, after their activation: so ONNX Runtime runs a layer from
 * bytes to bytes. The graph's outputs stay float32.
 */
export function findActivations(graph: OnnxGraph): Activations {
  const layers = quantizedLayers(graph)
  const readers = new Map<string, OnnxNode[]>()
  for (const node of graph.nodes)
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node])
  const outputs = new Set(graph.outputs.map(({ name }) => name))
  const activated = (name: string): string => {
    const [reader, ...others] = readers.get(name) ?? []
    const isActivated = reader && others.length === 0 && activationOps.has(reader.op) && !outputs.has(name)
    return isActivated ? (reader.outputs[0] as string) : name
  }
  const isComputed = (name: string) => name !== '' && !graph.initializers.has(name)
  const wanted = new Set<string>()
  for (const node of graph.nodes) {
    const isSum = node.op === 'Add' && node.inputs.every(isComputed)
    if (!isSum && !layers.has(node)) continue
    for (const name of [...node.inputs.slice(0, isSum ? 2 : 1), activated(node.outputs[0] as string)]) {
      if (isComputed(name) && !outputs.has(name)) wanted.add(name)
    }
  }
  const kept = graph.nodes.filter(({ op, inputs: [x = ''], outputs: [y = ''] }) => {
    return rangeKeepers.has(op) && wanted.has(x) && wanted.has(y)
  })
  const computed = graph.nodes.flatMap((node) => node.outputs)
  return {
    layers,
    values: [...graph.inputs.map(({ name }) => name), ...computed].filter((name) => wanted.has(name)),
    sameRange: new Map(kept.map(({ inputs: [x = ''], outputs: [y = ''] }) => [y, x])),
  }
}
