import type { Scope } from '@convkit/core'
import { averagePool2d, globalAveragePool, type SymbolicTensor } from '@convkit/graph'

export interface GlobalPoolOptions {
  /** `[n, 1, 1, c]` instead of `[n, c]`; false by default. */
  readonly keepDims?: boolean
}

/**
 * The head's global average pool: `[n, h, w, c]` → `[n, c]`, which it passes on when it gets it. Where the head slides it
 * pools as much as the map is at the network's own input size, at every position: `[n, h', w', c]`.
 */
export function globalPool(net: Scope, x: SymbolicTensor, options: GlobalPoolOptions = {}): SymbolicTensor {
  const size = net.window(x)
  const isPooled = x.shape.length !== 4 || (net.fullyConvolutional && size.every((side) => side === 1))
  if (isPooled) return x
  return net.fullyConvolutional ? averagePool2d(x, { size, strides: 1 }) : globalAveragePool(x, options)
}
