import type { AnyNode, SymbolicTensor } from './tensor.js'

/** Every node that the tensors depend on, inputs before users; what nothing depends on is not in it. */
export function topologicalOrder(tensors: Iterable<SymbolicTensor>): AnyNode[] {
  const order: AnyNode[] = []
  const visited = new Set<AnyNode>()
  // An explicit stack: deep networks overflow the call stack.
  const stack = [...tensors].map(({ node }) => ({ node, next: 0 })).reverse()
  while (stack.length > 0) {
    const frame = stack.at(-1) as { node: AnyNode; next: number }
    if (frame.next === 0 && visited.has(frame.node)) {
      stack.pop()
      continue
    }
    visited.add(frame.node)
    const input = frame.node.inputs[frame.next++]
    if (!input) {
      order.push(frame.node)
      stack.pop()
    } else if (!visited.has(input.node)) {
      stack.push({ node: input.node, next: 0 })
    }
  }
  return order
}
