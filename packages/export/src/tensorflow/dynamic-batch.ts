import type { Endpoint, SavedModelGraph, TensorFlowNode } from '@convkit/engine-tensorflow'
import { sameShape, type TensorData } from '@convkit/graph'
import { fixedBatch } from '../graph/fixed-batch.js'

/** Where a node names sizes, and what it names instead of one that depends on the batch. */
const sizes: Readonly<Record<string, { readonly input: number; readonly free: number }>> = {
  // −1: whatever is left
  Reshape: { input: 1, free: -1 },
  Slice: { input: 2, free: -1 },
  // as far as there is something
  StridedSlice: { input: 2, free: 2 ** 31 - 1 },
}

/**
 * A graph for any batch size, of the same network lowered for two: what differs between them depends on the batch.
 *
 * @throws E_EXPORT when something else than one size of a shape differs.
 */
export function dynamicBatch(graph: SavedModelGraph, other: SavedModelGraph): SavedModelGraph {
  if (graph.nodes.length !== other.nodes.length) throw fixedBatch('the number of nodes')
  const varying = new Map<string, Sizes>()
  const nodes: TensorFlowNode[] = []
  const added = new Set<string>()
  for (const [i, node] of graph.nodes.entries()) {
    const twin = other.nodes[i] as TensorFlowNode
    if (node.name !== twin.name || `${node.inputs}` !== `${twin.inputs}`) throw fixedBatch(node.op)
    if (node.op === 'Const') {
      const general = compareConstants(node, twin)
      if (general) varying.set(node.name, general)
      else nodes.push(node)
      continue
    }
    if (node.op === 'Placeholder') {
      nodes.push(withAnyBatch(node))
      continue
    }
    if (JSON.stringify(node.attributes) !== JSON.stringify(twin.attributes)) throw fixedBatch(node.op)
    const inputs = node.inputs.map((name, position) => {
      const general = varying.get(name)
      if (!general) return name
      const place = sizes[node.op]
      if (place?.input !== position) throw fixedBatch(node.op)
      const made = `${name}/any${place.free < 0 ? '' : '_end'}`
      if (!added.has(made)) nodes.push(constant(made, general, place.free))
      added.add(made)
      return made
    })
    nodes.push({ ...node, inputs })
  }
  const signatures = Object.entries(graph.signatures).map(([name, { inputs, outputs }]) => {
    return [name, { inputs: mapEndpoints(inputs), outputs: mapEndpoints(outputs) }] as const
  })
  return { nodes, signatures: Object.fromEntries(signatures) }
}

/** Sizes of which one, that is undefined, depends on the batch. */
type Sizes = readonly (number | undefined)[]

/** What two constants have in common; undefined where they are the same. */
function compareConstants(a: TensorFlowNode, b: TensorFlowNode): Sizes | undefined {
  const [first, second] = [tensorOf(a), tensorOf(b)]
  if (first.data === second.data) return undefined
  if (first.dtype !== second.dtype || !sameShape(first.shape, second.shape)) throw fixedBatch('a constant')
  if (first.data.every((value, i) => value === second.data[i])) return undefined
  const common = Array.from(first.data, (size, axis) => (size === second.data[axis] ? size : undefined))
  if (first.dtype !== 'int32' || common.filter((size) => size === undefined).length !== 1)
    throw fixedBatch('a constant')
  return common
}

export function tensorOf({ name, attributes: { value } }: TensorFlowNode): TensorData {
  if (typeof value === 'object' && 'tensor' in value) return value.tensor
  throw new Error(`${name} is no constant`)
}

function constant(name: string, general: Sizes, free: number): TensorFlowNode {
  const data = Int32Array.from(general, (size) => size ?? free)
  return {
    name,
    op: 'Const',
    inputs: [],
    attributes: {
      dtype: { type: 'int32' },
      value: { tensor: { dtype: 'int32', shape: [data.length], data } },
    },
  }
}

const anyBatch = (shape: readonly number[]) => shape.with(0, -1)

function withAnyBatch(node: TensorFlowNode): TensorFlowNode {
  const { shape } = node.attributes
  if (typeof shape !== 'object' || !('shape' in shape)) return node
  return { ...node, attributes: { ...node.attributes, shape: { shape: anyBatch(shape.shape) } } }
}

function mapEndpoints(endpoints: Readonly<Record<string, Endpoint>>): Record<string, Endpoint> {
  return Object.fromEntries(
    Object.entries(endpoints).map(([key, endpoint]) => [
      key,
      { ...endpoint, shape: anyBatch(endpoint.shape) },
    ]),
  )
}
