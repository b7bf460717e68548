import { type Scope, torchDefault } from '@convkit/core'
import { globalAveragePool, multiply, type SymbolicTensor } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { conv2d } from './conv2d.js'
import { torchBias } from './dense.js'

export interface SqueezeExciteOptions {
  /** Channels of the bottleneck as a share of the input's, rounded to a multiple of 8; 1/16 by default. */
  readonly ratio?: number
  readonly activation?: Activation
  readonly gate?: Activation
}

/**
 * Squeeze-and-excitation (Hu et al. 2018): `[n, h, w, c]` → `[n, h, w, c]`, each channel scaled by a gate computed from
 * all channels' means. Names are those of timm's `SqueezeExcite`: `fc1`, `fc2`.
 */
export function squeezeExcite(
  net: Scope,
  x: SymbolicTensor,
  { ratio = 1 / 16, activation = 'relu', gate = 'sigmoid' }: SqueezeExciteOptions = {},
): SymbolicTensor {
  const channels = x.shape.at(-1) ?? 0
  const reduced = Math.max(8, 8 * Math.floor((channels * ratio + 4) / 8))
  const pointwise = (name: string, y: SymbolicTensor, filters: number) =>
    conv2d(net.scope(name), y, {
      filters,
      kernelSize: 1,
      bias: true,
      initializer: torchDefault,
      biasInitializer: torchBias(y.shape.at(-1) ?? 0),
    })
  const squeezed = globalAveragePool(x, { keepDims: true }) // [n, 1, 1, c]
  const excited = pointwise('fc2', activate(pointwise('fc1', squeezed, reduced), activation), channels)
  return multiply(x, activate(excited, gate))
}
