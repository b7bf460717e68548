import { type AnyNode, apply, type SymbolicTensor } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'

/** A node's replacement outputs, given what its inputs became; `undefined` keeps the node. */
export type Replace = (
  node: AnyNode,
  inputs: readonly SymbolicTensor[],
) => readonly SymbolicTensor[] | undefined

/**
 * The tensors in a graph where some nodes were replaced. Nodes are never changed: what depends on a replacement is
 * made anew, everything else is shared with the old graph, and what nothing depends on any more is gone.
 */
export function rewrite(tensors: readonly SymbolicTensor[], replace: Replace): SymbolicTensor[] {
  const replaced = new Map<SymbolicTensor, SymbolicTensor>()
  const current = (tensor: SymbolicTensor) => replaced.get(tensor) ?? tensor
  for (const node of topologicalOrder(tensors)) {
    const inputs = node.inputs.map(current)
    const outputs = replace(node, inputs) ?? withInputs(node, inputs)
    node.outputs.forEach((output, index) => {
      const replacement = outputs[index]
      if (replacement && replacement !== output) replaced.set(output, replacement)
    })
  }
  return tensors.map(current)
}

function withInputs(node: AnyNode, inputs: readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  if (inputs.every((input, position) => input === node.inputs[position])) return node.outputs
  return apply(node.op, inputs, node.attributes, node.outputs, node.scope)
}
