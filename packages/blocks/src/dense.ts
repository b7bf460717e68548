import { type Initializer, type Scope, torchDefault, uniform } from '@convkit/core'
import { dense as affine, type SymbolicTensor } from '@convkit/graph'

export interface DenseOptions {
  /** Output features. */
  readonly units: number
  /** True by default. */
  readonly bias?: boolean
  /** PyTorch's default, uniform in ±1/√in. */
  readonly initializer?: Initializer
  /** The same by default. */
  readonly biasInitializer?: Initializer
}

/**
 * Dense (fully connected, linear) layer on the last axis: `[..., in]` → `[..., units]`, with `weight` `[units, in]`
 * and `bias` `[units]`.
 */
export function dense(net: Scope, x: SymbolicTensor, options: DenseOptions): SymbolicTensor {
  const { units, bias = true, initializer = torchDefault } = options
  const features = x.shape.at(-1) ?? 0
  const { biasInitializer = torchBias(features) } = options
  const weight = net.parameter('weight', [units, features], initializer)
  return affine(x, weight, bias ? net.parameter('bias', [units], biasInitializer) : undefined)
}

/** ±1/√fan-in of the layer: how PyTorch starts the bias of a convolution or linear layer. */
export function torchBias(fanIn: number): Initializer {
  const bound = 1 / Math.sqrt(fanIn)
  return uniform(-bound, bound)
}
