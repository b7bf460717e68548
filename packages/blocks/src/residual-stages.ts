import type { Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import type { ResidualBlockOptions } from './residual-block.js'

export interface ResidualStagesOptions extends Omit<ResidualBlockOptions, 'strides'> {
  /** Registered name of the block; it gets {@link ResidualBlockOptions}. */
  readonly block: string
  /** Blocks in each stage. */
  readonly layers: readonly number[]
  /** Width of the first stage; it doubles from stage to stage. */
  readonly filters: number
  /** Stochastic depth of the last block; it grows linearly from 0 at the first (Huang et al. 2016). */
  readonly dropPathRate?: number
}

/**
 * The stages of a residual network, `layer1`, `layer2`, …: `[n, h, w, c]` → `[n, h', w', c']`. Each but the first
 * halves height and width and doubles the filters. Records every stage as a feature.
 *
 * @throws E_UNKNOWN_BLOCK when no such block is registered.
 */
export function residualStages(
  net: Scope,
  x: SymbolicTensor,
  options: ResidualStagesOptions,
): SymbolicTensor {
  const { block, layers, filters, dropPathRate = 0, ...rest } = options
  const residual = net.block(block)
  const blocks = layers.reduce((total, depth) => total + depth, 0)
  let position = 0
  let y = x
  layers.forEach((depth, stage) => {
    const name = `layer${stage + 1}`
    for (let index = 0; index < depth; index++) {
      const blockOptions: ResidualBlockOptions = {
        ...rest,
        filters: filters * 2 ** stage,
        strides: stage > 0 && index === 0 ? 2 : 1,
        dropPathRate: (dropPathRate * position++) / Math.max(1, blocks - 1),
      }
      y = residual(net.scope(name).scope(index), y, blockOptions)
    }
    net.feature(name, y)
  })
  return y
}
