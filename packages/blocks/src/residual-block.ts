import type { Scope } from '@convkit/core'
import { add, pad, type SymbolicTensor, slice } from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { batchNorm } from './batch-norm.js'
import { conv2d } from './conv2d.js'
import { dropPath } from './dropout.js'

/** What a residual network asks of its block, whoever wrote it: plain data. */
export interface ResidualBlockOptions {
  /** Nominal width of the stage: 64, 128, 256, 512 in ResNet. A bottleneck's output has four times as many channels. */
  readonly filters: number
  /** 2 in the first block of most stages; 1 by default. */
  readonly strides?: number
  /** Of the 3×3 convolutions; 1 by default. */
  readonly dilation?: number
  /** Groups of the bottleneck's 3×3 convolution (Xie et al. 2017, ResNeXt); 1 by default. */
  readonly cardinality?: number
  /** Width a group when `filters` is 64 (ResNeXt, Wide ResNet); 64 by default. */
  readonly baseWidth?: number
  /** A registered block after the last batch-norm, such as `squeeze-excite`; none by default. */
  readonly attention?: string
  /** ReLU by default. */
  readonly activation?: Activation
  /** Probability of skipping the branch in training; 0 by default. */
  readonly dropPathRate?: number
  /** How the shortcut changes shape: see {@link shortcut}. */
  readonly shortcut?: Shortcut
  /** Whether the last batch-norm's scale starts at zero, so that the block starts as the identity; true by default. */
  readonly zeroInitLast?: boolean
}

/**
 * He et al. 2016, section 3.3: `projection` is option B, a strided 1×1 convolution `downsample.0` and batch-norm
 * `downsample.1`; `zero-pad` is option A, a strided slice with zeros for the new channels, which has no parameters.
 */
export type Shortcut = 'projection' | 'zero-pad'

/** Ends a residual block: attention, stochastic depth, the sum with the shortcut, activation. */
export function joinShortcut(
  net: Scope,
  x: SymbolicTensor,
  branch: SymbolicTensor,
  options: Omit<ResidualBlockOptions, 'filters'>,
): SymbolicTensor {
  const { strides = 1, attention, activation = 'relu', dropPathRate } = options
  const attended = attention ? net.block(attention)(net.scope('se'), branch, {}) : branch
  const kept = dropPath(net.scope('drop_path'), attended, { rate: dropPathRate })
  const filters = branch.shape.at(-1) ?? 0
  return activate(add(kept, shortcut(net, x, filters, strides, options.shortcut)), activation)
}

/** `[n, h, w, c]` → `[n, ⌈h / stride⌉, ⌈w / stride⌉, filters]`; x itself where nothing changes. */
function shortcut(
  net: Scope,
  x: SymbolicTensor,
  filters: number,
  strides: number,
  kind: Shortcut = 'projection',
): SymbolicTensor {
  if (strides === 1 && x.shape.at(-1) === filters) return x
  if (kind === 'zero-pad') return zeroPadShortcut(x, filters, strides)
  const downsample = net.scope('downsample')
  const projected = conv2d(downsample.scope(0), x, { filters, kernelSize: 1, strides })
  return batchNorm(downsample.scope(1), projected)
}

function zeroPadShortcut(x: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const [n = 0, h = 0, w = 0, c = 0] = x.shape
  const sizes = [n, Math.ceil(h / strides), Math.ceil(w / strides), c]
  const sampled = slice(x, [0, 0, 0, 0], sizes, [1, strides, strides, 1])
  return pad(sampled, [0, 0, 0, 0], [0, 0, 0, filters - c])
}
