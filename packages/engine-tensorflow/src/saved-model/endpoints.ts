import type { DType, Shape } from '@convkit/graph'
import type { GraphBuilder } from './graph-builder.js'

/** A value of the graph that a caller of a signature feeds or fetches. */
export interface Endpoint {
  /** The node that holds it, or makes it as its first output. */
  readonly node: string
  readonly dtype: DType
  readonly shape: Shape
}

/** An entry point of a graph, by the names under which a caller knows what goes in and comes out. */
export interface GraphSignature {
  readonly inputs: Readonly<Record<string, Endpoint>>
  readonly outputs: Readonly<Record<string, Endpoint>>
}

/** What a signature that stores something gives, so that fetching all its outputs waits for that too. */
export const doneName = '__done'

/** Adds a value that callers feed. */
export function fed(graph: GraphBuilder, dtype: DType, shape: Shape): Endpoint {
  const node = graph.addEffect('Placeholder', [], { dtype: { type: dtype }, shape: { shape } })
  return { node, dtype, shape }
}

/** Adds a name of its own for a value that callers fetch. Bytes come as int32: tfjs-node has no uint8 tensors. */
export function fetched(graph: GraphBuilder, value: string, dtype: DType, shape: Shape): Endpoint {
  if (dtype === 'uint8') return fetched(graph, graph.cast(value, 'int32'), 'int32', shape)
  return { node: graph.addEffect('Identity', [value]), dtype, shape }
}

/** Adds a value that is there once nodes have run. */
export function done(graph: GraphBuilder, nodes: readonly string[]): Endpoint {
  const node = graph.addEffect('Identity', [graph.integer(0)], {}, nodes)
  return { node, dtype: 'int32', shape: [] }
}
