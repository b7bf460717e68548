import type { OnnxData, OnnxGraph, OnnxNode } from '@convkit/engine-onnx'
import { sameShape } from '@convkit/graph'
import { fixedBatch } from '../graph/fixed-batch.js'

type Integers = Extract<OnnxData, { dtype: 'int64' }>

/** Where a node names sizes, and what it names instead of one that depends on the batch. */
const sizes: Readonly<Record<string, { readonly input: number; readonly free: bigint }>> = {
  // −1: whatever is left
  Reshape: { input: 1, free: -1n },
  // as far as there is something
  Slice: { input: 2, free: 2n ** 63n - 1n },
  // 1 repeats nothing: what is repeated over the batch broadcasts
  Expand: { input: 1, free: 1n },
}

/**
 * A graph for any batch size, of the same network lowered for two: what differs between them depends on the batch.
 *
 * @throws E_EXPORT when something else than one size of a shape differs.
 */
export function dynamicBatch(graph: OnnxGraph, other: OnnxGraph): OnnxGraph {
  if (graph.nodes.length !== other.nodes.length) throw fixedBatch('the number of nodes')
  const added = new Map<string, Integers>()
  const nodes = graph.nodes.map((node, i): OnnxNode => {
    const twin = other.nodes[i] as OnnxNode
    if (node.op !== twin.op || JSON.stringify(node.attributes) !== JSON.stringify(twin.attributes))
      throw fixedBatch(node.op)
    const inputs = node.inputs.map((name, position) => {
      const [values, others] = [
        graph.initializers.get(name),
        other.initializers.get(twin.inputs[position] ?? ''),
      ]
      if (values === others || (values && others && isSame(values, others))) return name
      const place = sizes[node.op]
      if (values?.dtype !== 'int64' || others?.dtype !== 'int64' || place?.input !== position)
        throw fixedBatch(node.op)
      const general = values.data.map((size, axis) => (size === others.data[axis] ? size : place.free))
      if (general.filter((_, axis) => values.data[axis] !== others.data[axis]).length !== 1)
        throw fixedBatch(node.op)
      const made = `sizes_${general.join('_')}`.replaceAll('-', 'm')
      added.set(made, { ...values, data: general })
      return made
    })
    return { ...node, inputs }
  })
  return {
    ...graph,
    nodes,
    initializers: new Map([...graph.initializers, ...added]),
  }
}

function isSame(a: OnnxData, b: OnnxData): boolean {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false
  if (a.data === b.data) return true
  return a.data.length === b.data.length && a.data.every((value, i) => value === b.data[i])
}
