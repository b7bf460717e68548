import { ConvkitError, heNormal, type Scope } from '@convkit/core'
import { add, averagePool2d, pad, type SymbolicTensor, slice } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { type BatchNormOptions, batchNorm } from './batch-norm.js'
import { conv2d } from './conv2d.js'
import { dropPath } from './dropout.js'
import type { SqueezeExciteOptions } from './squeeze-excite.js'

/** What a residual network asks of its block, whoever wrote it: plain data. */
export interface ResidualBlockOptions {
  /** Nominal width of the stage: 64, 128, 256, 512 in ResNet. A bottleneck's output has four times as many channels. */
  readonly filters: number
  /** 2 in one block of most stages; 1 by default. */
  readonly strides?: number
  /** Whether a bottleneck's first 1×1 convolution strides (ResNet v1) rather than the 3×3 (v1.5); false by default. */
  readonly strideFirst?: boolean
  /** Of the 3×3 convolutions; 1 by default. */
  readonly dilation?: number
  /** Groups of the bottleneck's 3×3 convolution (Xie et al. 2017, ResNeXt); 1 by default. */
  readonly cardinality?: number
  /** Width a group when `filters` is 64 (ResNeXt, Wide ResNet); 64 by default. */
  readonly baseWidth?: number
  /** Whether convolutions learn a bias; of a pre-activation block those that no batch-norm follows. False by default. */
  readonly bias?: boolean
  readonly norm?: Omit<BatchNormOptions, 'initializer'>
  /** A registered block at the end of the branch, such as `squeeze-excite`; none by default. */
  readonly attention?: string
  /** ReLU by default. */
  readonly activation?: Activation
  /** Dropout before the last convolution of a pre-activation block (Zagoruyko and Komodakis 2016); 0 by default. */
  readonly dropRate?: number
  /** Probability of skipping the branch in training; 0 by default. */
  readonly dropPathRate?: number
  /** How the shortcut changes shape; `projection` by default. */
  readonly shortcut?: Shortcut
  /**
   * Whether the branch starts at zero, by its last batch-norm or, in a pre-activation block, its last convolution, so
   * that the block starts as its shortcut; true by default, false in a pre-activation block.
   */
  readonly zeroInitLast?: boolean
}

/**
 * He et al. 2016, section 3.3: `projection` is option B, a strided 1×1 convolution `downsample.0` and batch-norm
 * `downsample.1`; `zero-pad` is option A, every second pixel with zeros for the new channels, which has no parameters.
 * `average-pool` (He et al. 2019, ResNet-D) averages 2×2 pixels and projects by `downsample.1` and `downsample.2`.
 */
export type Shortcut = 'projection' | 'zero-pad' | 'average-pool'

/** Ends a residual block: attention, stochastic depth, the sum with the shortcut, activation. */
export function joinShortcut(
  net: Scope,
  x: SymbolicTensor,
  branch: SymbolicTensor,
  options: Omit<ResidualBlockOptions, 'filters'>,
): SymbolicTensor {
  const { activation = 'relu' } = options
  const kept = endBranch(net, branch, options)
  return activate(add(kept, changeShape(net, x, branch.shape.at(-1) ?? 0, options)), activation)
}

/** Attention `se` and stochastic depth: `[n, h, w, c]` → `[n, h, w, c]`. */
export function endBranch(
  net: Scope,
  branch: SymbolicTensor,
  { attention, dropPathRate }: Pick<ResidualBlockOptions, 'attention' | 'dropPathRate'>,
): SymbolicTensor {
  // timm starts all convolutions of a residual network alike, those of attention too.
  const attend = attention && net.block(attention)
  const start = { initializer: heNormal() } satisfies SqueezeExciteOptions
  const attended = attend ? attend(net.scope('se'), branch, start) : branch
  return dropPath(net.scope('drop_path'), attended, { rate: dropPathRate })
}

/** `[n, h, w, c]` → `[n, ⌈h / stride⌉, ⌈w / stride⌉, filters]`; x itself where nothing changes. */
function changeShape(
  net: Scope,
  x: SymbolicTensor,
  filters: number,
  { strides = 1, shortcut = 'projection', bias, norm }: Omit<ResidualBlockOptions, 'filters'>,
): SymbolicTensor {
  if (strides === 1 && x.shape.at(-1) === filters) return x
  if (shortcut === 'zero-pad') return zeroPad(subsample(x, strides), filters)
  const downsample = net.scope('downsample')
  const project = (index: number, y: SymbolicTensor, step: number) =>
    batchNorm(
      downsample.scope(index + 1),
      conv2d(downsample.scope(index), y, { filters, kernelSize: 1, strides: step, bias }),
      norm,
    )
  return shortcut === 'projection' ? project(0, x, strides) : project(1, average(x, strides), 1)
}

/** Every `strides`-th pixel: `[n, h, w, c]` → `[n, ⌈h / strides⌉, ⌈w / strides⌉, c]`. */
export function subsample(x: SymbolicTensor, strides: number): SymbolicTensor {
  if (strides === 1) return x
  const [n = 0, h = 0, w = 0, c = 0] = x.shape
  const sizes = [n, Math.ceil(h / strides), Math.ceil(w / strides), c]
  return slice(x, [0, 0, 0, 0], sizes, [1, strides, strides, 1])
}

function zeroPad(x: SymbolicTensor, filters: number): SymbolicTensor {
  return pad(x, [0, 0, 0, 0], [0, 0, 0, filters - (x.shape.at(-1) ?? 0)])
}

/** Means of 2×2 pixels, at an odd border of those that there are. */
function average(x: SymbolicTensor, strides: number): SymbolicTensor {
  return strides === 1 ? x : averagePool2d(x, { size: 2, strides, ceilMode: true, countPadding: false })
}

/** @throws E_OPTION when a cardinality or base width is asked for, which only a bottleneck has. */
export function expectPlainWidth(
  net: Scope,
  { cardinality = 1, baseWidth = 64 }: ResidualBlockOptions,
  bottleneck: string,
): void {
  if (cardinality === 1 && baseWidth === 64) return
  throw new ConvkitError(
    'E_OPTION',
    `basic block at ${net.path}: has one group of base width 64, got cardinality ${cardinality} and baseWidth ${baseWidth}; use the block '${bottleneck}'`,
  )
}
