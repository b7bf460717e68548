import {
  gelu,
  hardSigmoid,
  hardSwish,
  relu,
  relu6,
  type SymbolicTensor,
  sigmoid,
  silu,
  tanh,
} from '@convkit/graph'

const activations = {
  relu,
  relu6,
  gelu,
  silu,
  tanh,
  sigmoid,
  'hard-swish': hardSwish,
  'hard-sigmoid': hardSigmoid,
  none: (x: SymbolicTensor) => x,
}

/** Name of an activation function, as configs write it; `none` is the identity. */
export type Activation = keyof typeof activations

/** Names that {@link activate} takes. */
export const activationNames = Object.keys(activations) as readonly Activation[]

/** Applies an activation function by name: `[...]` → `[...]`. */
export function activate(x: SymbolicTensor, name: Activation): SymbolicTensor {
  return activations[name](x)
}
