import type { Scope } from '@convkit/core'
import {
  type AveragePool2dOptions,
  averagePool2d,
  concat,
  maxPool2d,
  type PaddingOption,
  type PairOption,
  type SymbolicTensor,
} from '@convkit/graph'
import { type ConvNormActOptions, convNormAct } from './conv-norm-act.js'

/** A convolution with batch-norm and activation, as a step of a branch. */
export interface BranchConvolution {
  readonly filters: number
  /** 1 by default. */
  readonly kernelSize?: PairOption
  readonly strides?: PairOption
  /** By default that of the layer `conv2d`, which keeps height and width where strides are 1. */
  readonly padding?: PaddingOption
  /** Path in the module, where it is not the branch's name and the step's index. */
  readonly name?: string
}

export interface BranchPool extends AveragePool2dOptions {
  readonly pool: 'max' | 'average'
}

/**
 * One step of a branch: a number is a 1×1 convolution with that many filters, a list holds convolutions of the same
 * input whose outputs are joined.
 */
export type BranchStep = number | BranchConvolution | BranchPool | readonly BranchConvolution[]

/** Parallel branches by name, each a sequence of steps. */
export type Branches = Readonly<Record<string, readonly BranchStep[]>>

export interface InceptionOptions {
  readonly branches: Branches
  /** What the convolutions have in common, such as the epsilon of their batch-norms. */
  readonly convolution?: Omit<ConvNormActOptions, keyof BranchConvolution>
}

/**
 * Inception module (Szegedy et al. 2015): branches side by side on one input, joined by channels: `[n, h, w, c]` →
 * `[n, h', w', Σ filters]`. The module of GoogLeNet, each wide convolution behind a 1×1 bottleneck:
 *
 * ```ts
 * inception(net.scope('inception3a'), x, {
 *   branches: {
 *     branch1: [64],
 *     branch2: [96, { filters: 128, kernelSize: 3 }],
 *     branch3: [16, { filters: 32, kernelSize: 5 }],
 *     branch4: [{ pool: 'max', size: 3, strides: 1, padding: 1 }, 32],
 *   },
 * })
 * ```
 *
 * Step 1 of `branch2` is called `branch2.1`; the only step of a branch has the branch's name.
 *
 * @throws E_SHAPE when branches end in different heights or widths.
 */
export function inception(net: Scope, x: SymbolicTensor, options: InceptionOptions): SymbolicTensor {
  const { branches, convolution } = options
  const convolve = (scope: Scope, y: SymbolicTensor, { name, kernelSize = 1, ...step }: BranchConvolution) =>
    convNormAct(name ? net.scope(name) : scope, y, { ...convolution, ...step, kernelSize })

  const applyStep = (scope: Scope, y: SymbolicTensor, step: BranchStep): SymbolicTensor => {
    if (typeof step === 'number') return convolve(scope, y, { filters: step })
    if ('filters' in step) return convolve(scope, y, step)
    if ('pool' in step) return step.pool === 'max' ? maxPool2d(y, step) : averagePool2d(y, step)
    return concat(step.map((part, index) => convolve(scope.scope(index), y, part)))
  }

  const outputs = Object.entries(branches).map(([name, steps]) => {
    const scope = net.scope(name)
    const scopeOf = (index: number) => (steps.length === 1 ? scope : scope.scope(index))
    return steps.reduce<SymbolicTensor>((y, step, index) => applyStep(scopeOf(index), y, step), x)
  })
  return concat(outputs)
}
