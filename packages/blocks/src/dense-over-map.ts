import { type Scope, torchDefault } from '@convkit/core'
import { add, dense as affine, conv2d, flatten, reshape, type SymbolicTensor } from '@convkit/graph'
import { type DenseOptions, torchBias } from './dense.js'

/**
 * A dense layer on a whole map, flattened as PyTorch does, channels first: `[n, h, w, c]` → `[n, units]`, with `weight`
 * `[units, c · h · w]` and `bias` `[units]`. Where the head slides it is the convolution with the same weights that sees
 * as much at every position: `[n, h', w', units]`.
 */
export function denseOverMap(net: Scope, x: SymbolicTensor, options: DenseOptions): SymbolicTensor {
  const { units, bias: hasBias = true, initializer = torchDefault } = options
  const [height, width] = net.window(x)
  const channels = x.shape.at(-1) ?? 0
  const features = channels * height * width
  const { biasInitializer = torchBias(features) } = options
  const weight = net.parameter('weight', [units, features], initializer)
  const bias = hasBias ? net.parameter('bias', [units], biasInitializer) : undefined
  if (!net.fullyConvolutional) return affine(flatten(x), weight, bias)
  const y = conv2d(x, reshape(weight, [units, channels, height, width]))
  return bias ? add(y, bias) : y
}
