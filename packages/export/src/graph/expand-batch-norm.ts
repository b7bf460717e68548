import { add, divide, multiply, rewrite, type SymbolicTensor, sqrt, subtract } from '@convkit/graph'

/** Writes batch normalisation by given statistics as a product and a sum, whose operands follow from weights alone. */
export function expandBatchNorm(tensors: readonly SymbolicTensor[]): SymbolicTensor[] {
  return rewrite(tensors, (node, inputs) => {
    if (node.op !== 'batchNormInfer') return undefined
    const [x, scale, offset, mean, variance] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor]
    const factor = divide(scale, sqrt(add(variance, node.attributes.epsilon)))
    return [add(multiply(x, factor), subtract(offset, multiply(mean, factor)))]
  })
}

type Tensor = SymbolicTensor
