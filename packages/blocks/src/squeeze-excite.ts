import { type Initializer, type Scope, torchDefault } from '@convkit/core'
import { globalAveragePool, multiply, type SymbolicTensor } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { conv2d } from './conv2d.js'
import { torchBias } from './dense.js'

export interface SqueezeExciteOptions {
  /** Channels of the bottleneck as a share of the input's, rounded to a multiple of 8; 1/16 by default. */
  readonly ratio?: number
  /** Channels of the bottleneck, instead of a share. */
  readonly filters?: number
  readonly activation?: Activation
  readonly gate?: Activation
  /** Names of the two convolutions; those of timm's `SEModule`, `fc1` and `fc2`, by default. */
  readonly names?: readonly [reduce: string, expand: string]
  /** PyTorch's default, uniform in ±1/√in. */
  readonly initializer?: Initializer
  /** The same by default. */
  readonly biasInitializer?: Initializer
}

/**
 * Squeeze-and-excitation (Hu et al. 2018): `[n, h, w, c]` → `[n, h, w, c]`, each channel scaled by a gate computed from
 * all channels' means.
 */
export function squeezeExcite(
  net: Scope,
  x: SymbolicTensor,
  options: SqueezeExciteOptions = {},
): SymbolicTensor {
  const { ratio = 1 / 16, activation = 'relu', gate = 'sigmoid', names = ['fc1', 'fc2'] } = options
  const channels = x.shape.at(-1) ?? 0
  const { filters = Math.max(8, 8 * Math.floor((channels * ratio + 4) / 8)) } = options
  const pointwise = (name: string, y: SymbolicTensor, outputs: number) => {
    const { initializer = torchDefault, biasInitializer = torchBias(y.shape.at(-1) ?? 0) } = options
    const layer = { filters: outputs, kernelSize: 1, bias: true, initializer, biasInitializer }
    return conv2d(net.scope(name), y, layer)
  }
  const squeezed = globalAveragePool(x, { keepDims: true }) // [n, 1, 1, c]
  const excited = pointwise(names[1], activate(pointwise(names[0], squeezed, filters), activation), channels)
  return multiply(x, activate(excited, gate))
}
