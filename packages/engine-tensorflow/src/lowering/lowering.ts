import type { NodeHandler, NodeHandlers, OpName } from '@convkit/graph'
import type { Context } from './context.js'

/** Adds what computes a node to the TensorFlow graph, and tells the context where its outputs are. */
export type Lowering<K extends OpName> = NodeHandler<Context, K>

export type Lowerings = NodeHandlers<Context>

export type LoweringsFor<K extends OpName> = Pick<Lowerings, K>
