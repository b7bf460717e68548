import { add, divide, multiply, sqrt, subtract } from '../ops/elementwise.js'
import { reshape } from '../ops/shape.js'
import { type AnyNode, apply, type SymbolicTensor } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'
import { rewrite } from './rewrite.js'

/**
 * Folds batch normalisation by given statistics into the convolution before it:
 * `batchNormInfer(conv2d(x, w), …)` becomes `conv2d(x, w · f) + (offset − mean · f)`, `f = scale / √(variance + ε)`.
 * Filter and bias stay ops on the state, which an engine computes once. A convolution with another user, or
 * among `tensors`, stays as it is.
 *
 * @returns the tensors in the folded graph, in the same order.
 */
export function foldBatchNorm(tensors: readonly SymbolicTensor[]): SymbolicTensor[] {
  const uses = countUses(tensors)
  return rewrite(tensors, (node, inputs) => {
    const convolution = node.inputs[0]?.node
    if (node.op !== 'batchNormInfer' || convolution?.op !== 'conv2d') return undefined
    if (uses.get(convolution) !== 1) return undefined
    return [fold(node.attributes.epsilon, inputs)]
  })
}

function fold(epsilon: number, inputs: readonly SymbolicTensor[]): SymbolicTensor {
  const [y, scale, offset, mean, variance] = inputs as [...Three, ...Two]
  const {
    op,
    inputs: [x, filter],
    attributes,
    outputs,
    scope,
  } = y.node as Convolution
  const factor = divide(scale, sqrt(add(variance, epsilon)))
  const folded = multiply(filter, reshape(factor, [-1, 1, 1, 1]))
  const [convolved] = apply(op, [x, folded], attributes, outputs, scope) as [SymbolicTensor]
  return add(convolved, subtract(offset, multiply(mean, factor)))
}

/** How many inputs read each node's outputs; being asked for counts too. */
function countUses(tensors: readonly SymbolicTensor[]): Map<AnyNode, number> {
  const read = [...tensors, ...topologicalOrder(tensors).flatMap(({ inputs }) => inputs)]
  const uses = new Map<AnyNode, number>()
  for (const { node } of read) uses.set(node, (uses.get(node) ?? 0) + 1)
  return uses
}

type Two = [SymbolicTensor, SymbolicTensor]
type Three = [...Two, SymbolicTensor]
type Convolution = Extract<AnyNode, { op: 'conv2d' }> & { readonly inputs: Readonly<Two> }
