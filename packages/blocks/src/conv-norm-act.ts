import type { Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { type BatchNormOptions, batchNorm } from './batch-norm.js'
import { type Conv2dOptions, conv2d } from './conv2d.js'

export interface ConvNormActOptions extends Conv2dOptions {
  /** ReLU by default. */
  readonly activation?: Activation
  readonly norm?: BatchNormOptions
}

/**
 * Convolution `conv`, batch-norm `bn`, activation: `[n, h, w, c]` → `[n, h', w', filters]`. Names are those of timm's
 * `ConvNormAct`.
 *
 * @throws E_SHAPE as {@link conv2d} and {@link batchNorm}.
 */
export function convNormAct(net: Scope, x: SymbolicTensor, options: ConvNormActOptions): SymbolicTensor {
  const { activation = 'relu', norm, ...convolution } = options
  const y = conv2d(net.scope('conv'), x, convolution)
  return activate(batchNorm(net.scope('bn'), y, norm), activation)
}
