import { ones, type Scope, zeros } from '@convkit/core'
import { layerNorm as normalize, type SymbolicTensor } from '@convkit/graph'

export interface LayerNormOptions {
  /** Added to the variance; 1e-6 by default, as timm's. */
  readonly epsilon?: number
}

/**
 * Layer normalisation (Ba et al. 2016) of each position over its channels: `[..., c]` → `[..., c]`, with `weight` and
 * `bias`, each `[c]`.
 */
export function layerNorm(net: Scope, x: SymbolicTensor, { epsilon }: LayerNormOptions = {}): SymbolicTensor {
  const channels = [x.shape.at(-1) ?? 0]
  const scale = net.parameter('weight', channels, ones)
  return normalize(x, scale, net.parameter('bias', channels, zeros), epsilon)
}
