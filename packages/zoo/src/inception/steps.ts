import {
  type BranchConvolution,
  type Branches,
  type BranchPool,
  type BranchStep,
  convNormAct,
  type InceptionOptions,
} from '@convkit/blocks'
import type { Scope } from '@convkit/core'
import { maxPool2d, type PairOption, type SymbolicTensor } from '@convkit/graph'

/** A convolution that keeps height and width. */
export function same(filters: number, kernelSize: PairOption): BranchConvolution {
  return { filters, kernelSize }
}

/** A convolution without padding: the map shrinks by the kernel's size less one. */
export function valid(filters: number, kernelSize: PairOption): BranchConvolution {
  return { filters, kernelSize, padding: 'valid' }
}

const halving = { size: 3, strides: 2 } as const

/** `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, filters]` */
export function reduce(filters: number): BranchConvolution {
  return { filters, kernelSize: halving.size, strides: halving.strides, padding: 'valid' }
}

/** As {@link reduce}, without filters. */
export const maxPool: BranchPool = { pool: 'max', ...halving }

/** {@link maxPool} outside of a branch. */
export const halve = (x: SymbolicTensor): SymbolicTensor => maxPool2d(x, halving)

/** `[n, h, w, c]` → `[n, h, w, c]`. Whether the zeros around the map count differs from network to network. */
export function averagePool(countPadding: boolean): BranchPool {
  return { pool: 'average', size: 3, strides: 1, padding: 1, countPadding }
}

/** Convolutions one after the other, each in the scope that it is called by. */
export function convolutions(
  net: Scope,
  x: SymbolicTensor,
  layers: Readonly<Record<string, BranchConvolution>>,
  common: InceptionOptions['convolution'],
): SymbolicTensor {
  return Object.entries(layers).reduce(
    (y, [name, layer]) => convNormAct(net.scope(name), y, { kernelSize: 1, ...common, ...layer }),
    x,
  )
}

/**
 * A branch whose convolutions are called `name_1`, `name_2`, … from `first` on, and those of one input `name_3a` and
 * `name_3b`; a single one is called `name`.
 */
export function numbered(name: string, steps: readonly BranchStep[], first = 1): Branches {
  const isPool = (step: BranchStep) => typeof step !== 'number' && 'pool' in step
  const isSingle = steps.filter((step) => !isPool(step)).length === 1
  let number = first
  const rename = (step: BranchStep): BranchStep => {
    if (typeof step === 'number') return rename({ filters: step })
    if ('pool' in step) return step
    const path = isSingle ? name : `${name}_${number++}`
    if ('filters' in step) return { ...step, name: path }
    return step.map((part, index) => ({ ...part, name: `${path}${'ab'[index]}` }))
  }
  return { [name]: steps.map(rename) }
}
