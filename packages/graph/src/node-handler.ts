import type { OpName } from './ops/attributes.js'
import type { AnyNode, Node, SymbolicTensor } from './tensor.js'

type Tensor = SymbolicTensor

/**
 * A node with as many inputs and outputs as the widest op has, so that what handles it destructures those that its
 * op's builder guarantees.
 */
export interface BuiltNode<K extends OpName> extends Node<K> {
  readonly inputs: readonly [Tensor, Tensor, Tensor, Tensor, Tensor]
  readonly outputs: readonly [Tensor, Tensor, Tensor]
}

/** Does something with a node of an op, such as lower it to an engine's graph. */
export type NodeHandler<Context, K extends OpName> = (context: Context, node: BuiltNode<K>) => void

/** A handler for each op; the type makes the compiler find an op without one. */
export type NodeHandlers<Context> = { readonly [K in OpName]: NodeHandler<Context, K> }

/** Hands a node to the handler of its op. */
export function handleNode<Context>(handlers: NodeHandlers<Context>, context: Context, node: AnyNode): void {
  const handler = handlers[node.op] as NodeHandler<Context, OpName>
  handler(context, node as BuiltNode<OpName>)
}
