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
  /**
   * Which blocks halve height and width: the `first` of each stage but the first stage, the default, or the `last` of
   * each but the last stage, as in Keras's ResNet v2.
   */
  readonly downsampling?: 'first' | 'last'
  /** How timm names the first block, and others by it; `layer1.0` by default. */
  readonly naming?: keyof typeof namings
}

const namings = {
  'layer1.0': { stage: (index: number) => `layer${index + 1}`, block: (index: number) => `${index}` },
  'stages.0.blocks.0': {
    stage: (index: number) => `stages.${index}`,
    block: (index: number) => `blocks.${index}`,
  },
}

/**
 * The stages of a residual network: `[n, h, w, c]` → `[n, h', w', c']`. From stage to stage filters double, height and
 * width are halved. Records every stage as a feature.
 *
 * @throws E_UNKNOWN_BLOCK when no such block is registered.
 */
export function residualStages(
  net: Scope,
  x: SymbolicTensor,
  options: ResidualStagesOptions,
): SymbolicTensor {
  const { block, layers, filters, dropPathRate = 0, downsampling = 'first', ...others } = options
  const { naming = 'layer1.0', ...rest } = others
  const residual = net.block(block)
  const blocks = layers.reduce((total, depth) => total + depth, 0)
  let position = 0
  let y = x
  layers.forEach((depth, stage) => {
    const name = namings[naming].stage(stage)
    const halves = (index: number) =>
      downsampling === 'first' ? stage > 0 && index === 0 : stage < layers.length - 1 && index === depth - 1
    for (let index = 0; index < depth; index++) {
      const blockOptions: ResidualBlockOptions = {
        ...rest,
        filters: filters * 2 ** stage,
        strides: halves(index) ? 2 : 1,
        dropPathRate: (dropPathRate * position++) / Math.max(1, blocks - 1),
      }
      y = residual(net.scope(name).scope(namings[naming].block(index)), y, blockOptions)
    }
    net.feature(name, y)
  })
  return y
}
