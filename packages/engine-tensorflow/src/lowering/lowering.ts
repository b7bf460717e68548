import type { Node, OpAttributes, OpName, SymbolicTensor } from '@convkit/graph'
import type { Context } from './context.js'

type Tensor = SymbolicTensor

/** A node to lower, with as many inputs and outputs as its op's builder guarantees. */
export interface LoweredNode<K extends OpName> extends Node<K> {
  readonly inputs: readonly [Tensor, Tensor, Tensor, Tensor, Tensor]
  readonly outputs: readonly [Tensor, Tensor, Tensor]
  readonly attributes: OpAttributes[K]
}

/** Adds what computes a node to the TensorFlow graph, and tells the context where its outputs are. */
export type Lowering<K extends OpName> = (context: Context, node: LoweredNode<K>) => void

export type Lowerings = { readonly [K in OpName]: Lowering<K> }

export type LoweringsFor<K extends OpName> = Pick<Lowerings, K>
