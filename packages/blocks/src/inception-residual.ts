import { type Scope, torchDefault } from '@convkit/core'
import { add, multiply, type SymbolicTensor } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { conv2d } from './conv2d.js'
import { torchBias } from './dense.js'
import { type InceptionOptions, inception } from './inception.js'

export interface InceptionResidualOptions extends InceptionOptions {
  /** Factor of the branches in the sum, which keeps deep networks stable: 0.1 to 0.3 in the paper; 1 by default. */
  readonly scale?: number
  /** Of the sum; ReLU by default. */
  readonly activation?: Activation
}

/**
 * Residual inception module (Szegedy et al. 2017, Inception-ResNet): the joined branches, brought to the input's
 * channels by the 1×1 convolution `conv2d`, are added to the input: `[n, h, w, c]` → `[n, h, w, c]`. Branches are as
 * {@link inception} has them.
 *
 * @throws E_SHAPE when the branches change height or width.
 */
export function inceptionResidual(
  net: Scope,
  x: SymbolicTensor,
  { scale = 1, activation = 'relu', ...options }: InceptionResidualOptions,
): SymbolicTensor {
  const joined = inception(net, x, options)
  const projected = conv2d(net.scope('conv2d'), joined, {
    filters: x.shape.at(-1) ?? 0,
    kernelSize: 1,
    bias: true,
    initializer: torchDefault,
    biasInitializer: torchBias(joined.shape.at(-1) ?? 0),
  })
  return activate(add(x, multiply(projected, scale)), activation)
}
