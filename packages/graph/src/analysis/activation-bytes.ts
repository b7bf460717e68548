import type { OpName } from '../ops/attributes.js'
import { type AnyNode, type DType, type SymbolicTensor, sizeOf } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'

const bytesPerElement: Record<DType, number> = { float32: 4, int32: 4, uint8: 1, bool: 1 }

/** Ops that compute no new values: sources hold what was there, the others look at their input's memory. */
const free: ReadonlySet<OpName> = new Set<OpName>(['input', 'state', 'constant', 'reshape', 'stopGradient'])

/** Bytes of the values that one node computes. */
export function countActivationBytes({ op, outputs }: AnyNode): number {
  if (free.has(op)) return 0
  return outputs.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerElement[dtype], 0)
}

/**
 * Bytes of all values computed on the way to the tensors, as if each were kept: an upper bound of what training
 * holds for the backward pass. Engines reuse and fuse, so they need less.
 */
export function activationBytes(tensors: Iterable<SymbolicTensor>): number {
  return topologicalOrder(tensors).reduce((sum, node) => sum + countActivationBytes(node), 0)
}
