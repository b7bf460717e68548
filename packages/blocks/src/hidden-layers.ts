import type { Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { dense } from './dense.js'

/** A dense layer between the pooled features and the classifier. */
export interface HiddenLayer {
  /** Output features. */
  readonly units: number
  /** ReLU by default. */
  readonly activation?: Activation
}

/**
 * Dense layers `hidden.0`, `hidden.1`, … with their activations, in the order given: `[..., c]` → `[..., units]`. A
 * network of 0 classes, which ends in pooled features, has none.
 */
export function hiddenLayers(
  net: Scope,
  x: SymbolicTensor,
  layers: readonly HiddenLayer[] = [],
): SymbolicTensor {
  if (net.classes === 0) return x
  const hidden = net.scope('hidden')
  return layers.reduce(
    (y, { units, activation = 'relu' }, index) =>
      activate(dense(hidden.scope(index), y, { units }), activation),
    x,
  )
}
