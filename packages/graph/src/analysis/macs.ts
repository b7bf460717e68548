import { type AnyNode, type SymbolicTensor, sizeOf } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'

/**
 * Multiply-accumulates of one node: convolutions and matrix products, as papers count them; what is elementwise,
 * pooling or normalisation counts as none.
 */
export function countMacs(node: AnyNode): number {
  const [a, b] = node.inputs.map(({ shape }) => shape)
  const output = sizeOf(node.outputs[0]?.shape ?? [])
  if (!a || !b) return 0
  switch (node.op) {
    case 'matmul':
      return output * (a[node.attributes.transposeA ? 0 : 1] ?? 0)
    case 'conv2d': // each output element: the filter's [in / groups, kh, kw]
      return output * sizeOf(b.slice(1))
    case 'conv2dInputGradient': // (dy, filter): the same products as the convolution itself
      return sizeOf(a) * sizeOf(b.slice(1))
    case 'conv2dFilterGradient': // (x, dy)
      return sizeOf(b) * sizeOf(node.attributes.filterShape.slice(1))
    default:
      return 0
  }
}

/** Multiply-accumulates of everything that the tensors depend on; divide by the batch size for those of an image. */
export function macs(tensors: Iterable<SymbolicTensor>): number {
  return topologicalOrder(tensors).reduce((sum, node) => sum + countMacs(node), 0)
}
