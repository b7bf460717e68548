import type { Scope } from '@convkit/core'
import { multiply, type SymbolicTensor } from '@convkit/graph'

export interface DropoutOptions {
  /** Probability of zeroing; 0, the default, changes nothing. */
  readonly rate?: number
}

/**
 * Dropout (Srivastava et al. 2014): `[...]` → `[...]`. In training each element is zeroed with probability `rate`, the
 * others divided by `1 − rate`; where it is frozen it changes nothing.
 *
 * @throws E_OPTION when the rate is not in [0, 1).
 */
export function dropout(net: Scope, x: SymbolicTensor, { rate = 0 }: DropoutOptions = {}): SymbolicTensor {
  return masked(net, x, x.shape, rate)
}

/**
 * Stochastic depth (Huang et al. 2016), also called drop path: `[n, ...]` → `[n, ...]`. In training a whole sample is
 * zeroed with probability `rate`, the others divided by `1 − rate`; put it on the branch of a residual block.
 *
 * @throws E_OPTION when the rate is not in [0, 1).
 */
export function dropPath(net: Scope, x: SymbolicTensor, { rate = 0 }: DropoutOptions = {}): SymbolicTensor {
  const [samples = 0, ...others] = x.shape
  return masked(net, x, [samples, ...others.map(() => 1)], rate)
}

function masked(net: Scope, x: SymbolicTensor, shape: readonly number[], rate: number): SymbolicTensor {
  return net.mode === 'train' && !net.frozen && rate !== 0 ? multiply(x, net.mask('mask', shape, rate)) : x
}
