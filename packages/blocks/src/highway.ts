import { constantValue, heNormal, type Initializer, type Scope, zeros } from '@convkit/core'
import { add, multiply, type SymbolicTensor, sigmoid, subtract } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { conv2d } from './conv2d.js'
import { dense } from './dense.js'
import { dropPath } from './dropout.js'

export interface HighwayOptions {
  /** Of the transform; ReLU by default. */
  readonly activation?: Activation
  /** First bias of the transform gate: the more negative, the more is carried at the start. −1 by default. */
  readonly gateBias?: number
  /** Probability of carrying everything in training; 0 by default. */
  readonly dropPathRate?: number
}

export interface HighwayConvOptions extends HighwayOptions {
  /** 3 by default. */
  readonly kernelSize?: number
}

/**
 * Highway layer of convolutions (Srivastava et al. 2015, "Training Very Deep Networks"): `[n, h, w, c]` →
 * `[n, h, w, c]`, `T(x) · H(x) + (1 − T(x)) · x` with the convolution `transform` and its activation as H, the
 * convolution `gate` and a sigmoid as T.
 */
export function highwayConv(net: Scope, x: SymbolicTensor, options: HighwayConvOptions = {}): SymbolicTensor {
  const { kernelSize = 3 } = options
  return highway(net, x, options, (scope, bias) =>
    conv2d(scope, x, { filters: x.shape.at(-1) ?? 0, kernelSize, bias: true, biasInitializer: bias }),
  )
}

/** Highway layer of dense layers, as {@link highwayConv} on the last axis: `[..., c]` → `[..., c]`. */
export function highwayDense(net: Scope, x: SymbolicTensor, options: HighwayOptions = {}): SymbolicTensor {
  return highway(net, x, options, (scope, bias) =>
    dense(scope, x, { units: x.shape.at(-1) ?? 0, initializer: heNormal(), biasInitializer: bias }),
  )
}

function highway(
  net: Scope,
  x: SymbolicTensor,
  { activation = 'relu', gateBias = -1, dropPathRate }: HighwayOptions,
  affine: (scope: Scope, bias: Initializer) => SymbolicTensor,
): SymbolicTensor {
  const transformed = activate(affine(net.scope('transform'), zeros), activation)
  const gate = sigmoid(affine(net.scope('gate'), constantValue(gateBias)))
  const change = multiply(gate, subtract(transformed, x))
  return add(x, dropPath(net.scope('drop_path'), change, { rate: dropPathRate }))
}
