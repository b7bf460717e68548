import type { BlockOptions, Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import type { MobileBlockOptions } from './mobile-block.js'
import { roundChannels } from './round-channels.js'

/** Layers of one kind in a row; strides are those of the first, and a stage's first row begins with them. */
export interface MobileLayers
  extends Pick<
    MobileBlockOptions,
    'filters' | 'kernelSize' | 'strides' | 'expansion' | 'activation' | 'squeezeExcite'
  > {
  /** How many; 1 by default. */
  readonly layers?: number
  /** Registered name of the block; the network's by default. */
  readonly block?: string
  /** Further options, for a block that is no mobile one. */
  readonly options?: BlockOptions
}

export interface MobileStagesOptions
  extends Pick<MobileBlockOptions, 'activation' | 'residual' | 'padding' | 'stridedPadding' | 'norm'> {
  /** Registered name of the block of rows that name none; it gets {@link MobileBlockOptions}. */
  readonly block: string
  readonly stages: readonly (readonly MobileLayers[])[]
  /** Multiplies filters, which are rounded to multiples of 8; 1 by default. */
  readonly widthMultiplier?: number
  /** Multiplies layers, rounded up in each stage; 1 by default. */
  readonly depthMultiplier?: number
  /** Whether the depth multiplier leaves the first and the last stage alone; false by default. */
  readonly fixedEnds?: boolean
  /** Stochastic depth of the end; it grows linearly from 0 at the first block. */
  readonly dropPathRate?: number
}

/**
 * The stages of a mobile network, `0`, `1`, …: `[n, h, w, c]` → `[n, h', w', c']`. Records as features those after which
 * height and width change, and the last.
 *
 * @throws E_UNKNOWN_BLOCK when a block is not registered.
 */
export function mobileStages(net: Scope, x: SymbolicTensor, options: MobileStagesOptions): SymbolicTensor {
  const { block, widthMultiplier = 1, dropPathRate = 0 } = options
  const { activation, residual, padding, stridedPadding, norm } = options
  const stages = scaledStages(options)
  const blocks = stages.flat().length
  let position = 0
  let y = x
  stages.forEach((rows, stage) => {
    rows.forEach(({ block: own = block, filters, options: further, ...row }, index) => {
      const blockOptions: MobileBlockOptions = {
        activation,
        residual,
        padding,
        stridedPadding,
        norm,
        ...row,
        filters: roundChannels(filters * widthMultiplier),
        dropPathRate: (dropPathRate * position++) / blocks,
        ...further,
      }
      y = net.block(own)(net.scope(stage).scope(index), y, blockOptions)
    })
    const next = stages[stage + 1]?.[0]
    if (!next || (next.strides ?? 1) > 1) net.feature(net.scope(stage).path, y)
  })
  return y
}

/** Every layer of each stage by itself, at the depth asked for. */
function scaledStages({ stages, depthMultiplier = 1, fixedEnds = false }: MobileStagesOptions) {
  return stages.map((rows, stage) => {
    const fixed = fixedEnds && (stage === 0 || stage === stages.length - 1)
    return scaledRows(rows, fixed ? 1 : depthMultiplier)
  })
}

/**
 * A stage's depth grows to `⌈depth · multiplier⌉`, shared out from its last row to its first, so that what stands once at
 * the beginning is repeated last (as timm does it).
 */
function scaledRows(rows: readonly MobileLayers[], multiplier: number): MobileLayers[] {
  let depth = rows.reduce((total, { layers = 1 }) => total + layers, 0)
  let scaled = Math.ceil(depth * multiplier)
  return rows
    .toReversed()
    .map(({ layers = 1, ...row }) => {
      const count = Math.max(1, roundHalfEven((layers / depth) * scaled))
      depth -= layers
      scaled -= count
      return Array.from({ length: count }, () => row)
    })
    .toReversed()
    .flat()
    .map((row, index) => (index === 0 ? row : { ...row, strides: 1 }))
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}
