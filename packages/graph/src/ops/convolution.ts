import { applySingle, type Shape, type SymbolicTensor, sameShape, sizeOf } from '../tensor.js'
import type { Conv2dAttributes } from './attributes.js'
import { expectFloat, expectRank, shapeError } from './checks.js'
import { add } from './elementwise.js'
import { reshape } from './shape.js'
import { type PaddingOption, type PairOption, slidingSize, toPadding, toPair } from './window.js'

export interface Conv2dOptions {
  readonly strides?: PairOption
  readonly padding?: PaddingOption
  readonly dilations?: PairOption
  /** Input and output channels split into this many groups; depthwise when it equals the input channels. */
  readonly groups?: number
}

/**
 * 2-D cross-correlation: `[n, h, w, c]`, filter `[o, c / groups, kh, kw]` → `[n, h', w', o]`.
 *
 * @throws E_SHAPE when channels, groups and filter do not agree, or the kernel does not fit.
 */
export function conv2d(
  x: SymbolicTensor,
  filter: SymbolicTensor,
  options: Conv2dOptions = {},
): SymbolicTensor {
  const inputs = [x, filter]
  expectFloat('conv2d', inputs)
  expectRank('conv2d', inputs, 0, 4)
  expectRank('conv2d', inputs, 1, 4)
  const [n, h, w, c] = x.shape as [number, number, number, number]
  const [o, i, kh, kw] = filter.shape as [number, number, number, number]
  const { padding = 0, groups = 1 } = options
  if (!Number.isInteger(groups) || groups < 1 || c % groups !== 0 || o % groups !== 0) {
    throw shapeError('conv2d', inputs, `${groups} groups do not divide ${c} input and ${o} output channels`)
  }
  if (i * groups !== c) {
    throw shapeError(
      'conv2d',
      inputs,
      `the filter takes ${i * groups} channels (${groups} groups), but the input has ${c}`,
    )
  }
  const strides = toPair(options.strides ?? 1)
  const dilations = toPair(options.dilations ?? 1)
  const attributes: Conv2dAttributes = {
    strides,
    dilations,
    groups,
    padding: toPadding(padding, [h, w], [kh, kw], strides, dilations),
  }
  const [oh, ow] = slidingSize('conv2d', inputs, [kh, kw], attributes)
  return applySingle('conv2d', inputs, attributes, [n, oh, ow, o])
}

/** Gradient of {@link conv2d} to its input (also called transposed convolution): dy `[n, h', w', o]` → `inputShape`. */
export function conv2dInputGradient(
  dy: SymbolicTensor,
  filter: SymbolicTensor,
  inputShape: Shape,
  attributes: Conv2dAttributes,
): SymbolicTensor {
  const { strides, padding, dilations, groups } = attributes
  return applySingle(
    'conv2dInputGradient',
    [dy, filter],
    { strides, padding, dilations, groups, inputShape },
    inputShape,
  )
}

/** Gradient of {@link conv2d} to its filter: x `[n, h, w, c]`, dy `[n, h', w', o]` → `filterShape`. */
export function conv2dFilterGradient(
  x: SymbolicTensor,
  dy: SymbolicTensor,
  filterShape: Shape,
  attributes: Conv2dAttributes,
): SymbolicTensor {
  const { strides, padding, dilations, groups } = attributes
  return applySingle(
    'conv2dFilterGradient',
    [x, dy],
    { strides, padding, dilations, groups, filterShape },
    filterShape,
  )
}

export interface MatmulOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

/** Matrix product: `[m, k]` · `[k, n]` → `[m, n]`, each factor transposed first where asked. */
export function matmul(
  a: SymbolicTensor,
  b: SymbolicTensor,
  { transposeA = false, transposeB = false }: MatmulOptions = {},
): SymbolicTensor {
  const inputs = [a, b]
  expectFloat('matmul', inputs)
  expectRank('matmul', inputs, 0, 2)
  expectRank('matmul', inputs, 1, 2)
  const [m, k] = (transposeA ? a.shape.toReversed() : a.shape) as [number, number]
  const [k2, n] = (transposeB ? b.shape.toReversed() : b.shape) as [number, number]
  if (k !== k2) throw shapeError('matmul', inputs, `the inner sizes differ: ${k} and ${k2}`)
  return applySingle('matmul', inputs, { transposeA, transposeB }, [m, n])
}

/**
 * Dense layer on the last axis: `[..., in]`, weight `[out, in]`, bias `[out]` → `[..., out]`.
 *
 * @throws E_SHAPE when the last axis is not the weight's `in`, or the bias is not `[out]`.
 */
export function dense(x: SymbolicTensor, weight: SymbolicTensor, bias?: SymbolicTensor): SymbolicTensor {
  const inputs = [x, weight]
  expectRank('matmul', inputs, 1, 2)
  const [out = 0, features = 0] = weight.shape
  if (x.shape.at(-1) !== features) {
    throw shapeError(
      'matmul',
      inputs,
      `the weight takes ${features} features, but the input has ${x.shape.at(-1)}`,
    )
  }
  if (bias && !sameShape(bias.shape, [out])) {
    throw shapeError('add', [bias], `the bias of a dense layer with ${out} outputs must be [${out}]`)
  }
  const rows = reshape(x, [sizeOf(x.shape) / features, features])
  const product = matmul(rows, weight, { transposeB: true })
  return reshape(bias ? add(product, bias) : product, [...x.shape.slice(0, -1), out])
}
