import type { Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { type BatchNormOptions, batchNorm } from './batch-norm.js'
import { type Conv2dOptions, conv2d } from './conv2d.js'

export interface ConvNormActOptions extends Conv2dOptions {
  /** ReLU by default. */
  readonly activation?: Activation
  /** Of the batch-norm; `false` leaves it out, and the convolution has a bias instead. */
  readonly norm?: BatchNormOptions | false
  /** Names of the convolution and the batch-norm; those of timm's `ConvNormAct`, `conv` and `bn`, by default. */
  readonly names?: readonly [convolution: string, norm: string]
}

/**
 * Convolution, batch-norm, activation: `[n, h, w, c]` → `[n, h', w', filters]`.
 *
 * @throws E_SHAPE as {@link conv2d} and {@link batchNorm}.
 */
export function convNormAct(net: Scope, x: SymbolicTensor, options: ConvNormActOptions): SymbolicTensor {
  const { activation = 'relu', norm, names = ['conv', 'bn'], bias = norm === false, ...convolution } = options
  const y = conv2d(net.scope(names[0]), x, { ...convolution, bias })
  return activate(norm === false ? y : batchNorm(net.scope(names[1]), y, norm), activation)
}
