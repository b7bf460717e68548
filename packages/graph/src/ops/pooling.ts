import { applySingle, type Shape, type SymbolicTensor } from '../tensor.js'
import type { AveragePool2dAttributes, Pool2dAttributes } from './attributes.js'
import { expectFloat, expectRank, shapeError } from './checks.js'
import { type PaddingOption, type PairOption, slidingSize, toPadding, toPair } from './window.js'

export interface Pool2dOptions {
  readonly size: PairOption
  /** The window's size by default. */
  readonly strides?: PairOption
  readonly padding?: PaddingOption
  readonly ceilMode?: boolean
}

export interface AveragePool2dOptions extends Pool2dOptions {
  /** Whether padded zeros count in the divisor (PyTorch's `count_include_pad`); true by default. */
  readonly countPadding?: boolean
}

/** Maximum of each window: `[n, h, w, c]` → `[n, h', w', c]`. Padding counts as −∞. */
export function maxPool2d(x: SymbolicTensor, options: Pool2dOptions): SymbolicTensor {
  const attributes = poolAttributes('maxPool2d', x, options)
  return applySingle('maxPool2d', [x], attributes, pooledShape('maxPool2d', x, attributes))
}

/** Gradient of {@link maxPool2d}: x, its output y and dy → dx. */
export function maxPool2dGradient(
  x: SymbolicTensor,
  y: SymbolicTensor,
  dy: SymbolicTensor,
  attributes: Pool2dAttributes,
): SymbolicTensor {
  return applySingle('maxPool2dGradient', [x, y, dy], attributes, x.shape)
}

/** Mean of each window: `[n, h, w, c]` → `[n, h', w', c]`. */
export function averagePool2d(x: SymbolicTensor, options: AveragePool2dOptions): SymbolicTensor {
  const { countPadding = true } = options
  const attributes = { ...poolAttributes('averagePool2d', x, options), countPadding }
  return applySingle('averagePool2d', [x], attributes, pooledShape('averagePool2d', x, attributes))
}

/** Gradient of {@link averagePool2d}: dy `[n, h', w', c]` → `inputShape`. */
export function averagePool2dGradient(
  dy: SymbolicTensor,
  inputShape: Shape,
  { size, strides, padding, ceilMode, countPadding }: AveragePool2dAttributes,
): SymbolicTensor {
  const attributes = { size, strides, padding, ceilMode, countPadding, inputShape }
  return applySingle('averagePool2dGradient', [dy], attributes, inputShape)
}

type PoolOp = 'maxPool2d' | 'averagePool2d'

function poolAttributes(op: PoolOp, x: SymbolicTensor, options: Pool2dOptions): Pool2dAttributes {
  expectFloat(op, [x])
  expectRank(op, [x], 0, 4)
  const [, h = 0, w = 0] = x.shape
  const size = toPair(options.size)
  const strides = toPair(options.strides ?? size)
  const padding = toPadding(options.padding ?? 0, [h, w], size, strides, [1, 1])
  if (Math.max(padding[0], padding[1]) >= size[0] || Math.max(padding[2], padding[3]) >= size[1]) {
    throw shapeError(
      op,
      [x],
      `a ${size.join('×')} window would see nothing but padding of [${padding.join(',')}]`,
    )
  }
  return { size, strides, padding, ceilMode: options.ceilMode ?? false }
}

function pooledShape(op: PoolOp, x: SymbolicTensor, attributes: Pool2dAttributes): Shape {
  const [n = 0, , , c = 0] = x.shape
  const [oh, ow] = slidingSize(op, [x], attributes.size, attributes)
  return [n, oh, ow, c]
}
