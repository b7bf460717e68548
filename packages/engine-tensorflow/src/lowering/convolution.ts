import {
  type Conv2dAttributes,
  isDenseConvolution,
  type Padding2d,
  type Pair,
  type Shape,
  sameShape,
  sizeOf,
} from '@convkit/graph'
import type { GraphBuilder } from '../saved-model/graph-builder.js'
import type { TensorFlowOp } from '../saved-model/ops.js'
import type { Context } from './context.js'
import { denseConvolution, denseFilterGradient, denseInputGradient } from './dense-convolution.js'
import type { Lowering, LoweringsFor } from './lowering.js'
import { patchLowerings } from './patches.js'
import {
  pad,
  paddedShape,
  padImage,
  type Slicing,
  seenAt,
  slice,
  sliceGradient,
  unpadImage,
} from './slicing.js'
import { paddedWindow, windowAttributes } from './window.js'

type Convolution = 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient'
type Sizes = [number, number, number, number]

/** How a convolution, and with it both of its gradients, is computed. */
type Method = 'matmul' | 'plain' | 'depthwise' | 'patches'

/** @param filter its logical shape, `[out, in / groups, kh, kw]`. */
function methodOf(filter: Shape, { strides, padding, dilations, groups }: Conv2dAttributes): Method {
  const [out, inputs, kh, kw] = filter as Sizes
  const isPoint = kh * kw === 1
  const isPlain = groups === 1 && (isPoint || Math.max(...dilations) === 1)
  // Strided ones end TensorFlow's process for some shapes, by a division by zero in oneDNN.
  if (isPlain && isPoint && Math.max(...padding) === 0) return 'matmul'
  // TensorFlow's gradient to an image of one channel is wrong where there is one filter.
  if (out * inputs === 1) return 'patches'
  if (isPlain) return 'plain'
  // TensorFlow's own gradients know neither dilation nor groups, and depthwise ones only square strides.
  const isDepthwise = inputs === 1 && out % groups === 0 && strides[0] === strides[1]
  return isDepthwise && Math.max(...dilations) === 1 ? 'depthwise' : 'patches'
}

/** TensorFlow's ops: forward, the gradient to the input, and to the filter. */
const ops = {
  plain: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  depthwise: [
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ],
} as const satisfies Record<string, readonly [TensorFlowOp, TensorFlowOp, TensorFlowOp]>

/** The shape in which TensorFlow's op takes a filter; in memory it is that of the filter layout. */
function filterShape(method: keyof typeof ops, filter: Shape, groups: number): Shape {
  const [out, inputs, kh, kw] = filter as Sizes
  return method === 'plain' ? [kh, kw, inputs, out] : [kh, kw, groups, out / groups]
}

/** TensorFlow 2.21's kernels for bfloat16 give wrong values for images with an odd number of channels. */
const isExact = ([, , , channels = 0]: Shape) => channels % 2 === 1

/**
 * Channels that an image needs besides its own so that TensorFlow 2.21's gradient of a strided convolution to it is
 * right: with an odd number of blocks of 16, but one, all of its values are wrong.
 */
function addedChannels([, , , channels = 0]: Shape, { strides }: Conv2dAttributes): number {
  const isRight = Math.max(...strides) === 1 || channels <= 16
  return isRight ? 0 : 32 * Math.ceil(channels / 32) - channels
}

const unpadded: Padding2d = [0, 0, 0, 0]

const kernelSize = ([, , kh = 1, kw = 1]: Shape): Pair => [kh, kw]

/** One row a pixel. */
const rows = (shape: Shape): Shape => [sizeOf(shape.slice(0, -1)), shape[3] as number]

/** What a 1×1 filter sees of an image. */
const seenPixels = (input: Shape, output: Shape, attributes: Conv2dAttributes) =>
  seenAt(input, output, [0, 0], attributes)

/** Part of an image, as rows. */
function readPixels(graph: GraphBuilder, x: string, seen: Slicing, shape: Shape): string {
  const part = sameShape(seen.sizes, shape) ? x : slice(graph, x, shape, seen)
  return graph.reshape(part, rows(seen.sizes))
}

/** Undoes {@link readPixels}, with zeros elsewhere. */
function spreadPixels(graph: GraphBuilder, pixels: string, seen: Slicing, shape: Shape): string {
  const part = graph.reshape(pixels, seen.sizes)
  return sameShape(seen.sizes, shape) ? part : sliceGradient(graph, part, shape, seen)
}

/** A 1×1 filter as the matrix `[in, out]`. */
const matrix = ([out = 0, inputs = 0]: Shape): Shape => [inputs, out]

// A depthwise convolution with explicit padding and a bias would end TensorFlow's process, by a failed check of the
// kernel that fuses them.
const conv2d: Lowering<'conv2d'> = (context, node) => {
  const {
    inputs: [x, filter],
    outputs: [y],
    attributes,
  } = node
  const { graph } = context
  if (isDenseConvolution(x.shape, filter.shape, attributes)) return denseConvolution(context, node)
  const method = methodOf(filter.shape, attributes)
  if (method === 'patches') return patchLowerings.conv2d(context, node)
  const weights = context.get(filter, 'filter')
  if (method === 'matmul') {
    const pixels = readPixels(graph, context.get(x), seenPixels(x.shape, y.shape, attributes), x.shape)
    const factors = [pixels, graph.reshape(weights, matrix(filter.shape))]
    return context.set(y, graph.reshape(context.product('MatMul', pair(factors)), y.shape))
  }
  const shaped = shapedFilter(context, method, weights, filter.shape, attributes)
  const window =
    method === 'depthwise'
      ? paddedWindow({ ...attributes, size: kernelSize(filter.shape) }, x.shape, y.shape)
      : { attributes: windowAttributes(attributes), padding: unpadded }
  const image = padImage(graph, context.get(x), window.padding)
  const options = { attributes: window.attributes, isExact: isExact(x.shape) }
  context.set(y, context.product(ops[method][0], [image, shaped], options))
}

const conv2dInputGradient: Lowering<'conv2dInputGradient'> = (context, node) => {
  const {
    inputs: [dy, filter],
    outputs: [dx],
    attributes,
  } = node
  const { graph } = context
  if (isDenseConvolution(dx.shape, filter.shape, attributes)) return denseInputGradient(context, node)
  const method = methodOf(filter.shape, attributes)
  if (method === 'patches') return patchLowerings.conv2dInputGradient(context, node)
  const weights = context.get(filter, 'filter')
  if (method === 'matmul') {
    const factors = [
      graph.reshape(context.get(dy), rows(dy.shape)),
      graph.reshape(weights, matrix(filter.shape)),
    ]
    const product = context.product('MatMul', pair(factors), { attributes: { transpose_b: true } })
    const slopes = spreadPixels(graph, product, seenPixels(dx.shape, dy.shape, attributes), dx.shape)
    return context.set(dx, slopes)
  }
  const window = paddedWindow({ ...attributes, size: kernelSize(filter.shape) }, dx.shape, dy.shape)
  const added = method === 'plain' ? addedChannels(dx.shape, attributes) : 0
  const shaped = shapedFilter(context, method, weights, filter.shape, attributes)
  const widened = pad(graph, shaped, [0, 0, 0, 0], [0, 0, added, 0])
  const shape = paddedShape(dx.shape, window.padding)
  const options = {
    attributes: window.attributes,
    shape: { at: 0, name: graph.integers(shape.with(3, dx.shape[3]! + added)) },
    isExact: isExact(dx.shape),
  }
  const slopes = context.product(ops[method][1], [widened, context.get(dy)], options)
  context.set(dx, unpadImage(graph, slopes, dx.shape, window.padding, added))
}

const conv2dFilterGradient: Lowering<'conv2dFilterGradient'> = (context, node) => {
  const {
    inputs: [x, dy],
    outputs: [dfilter],
    attributes,
  } = node
  const { graph } = context
  if (isDenseConvolution(x.shape, dfilter.shape, attributes)) return denseFilterGradient(context, node)
  const [out, inputs, kh, kw] = dfilter.shape as Sizes
  const method = methodOf(dfilter.shape, attributes)
  if (method === 'patches') return patchLowerings.conv2dFilterGradient(context, node)
  const setFilter = (value: string) =>
    context.set(dfilter, graph.reshape(value, [kh, kw, inputs, out]), 'filter')
  if (method === 'matmul') {
    const pixels = readPixels(graph, context.get(x), seenPixels(x.shape, dy.shape, attributes), x.shape)
    const factors = [pixels, graph.reshape(context.get(dy), rows(dy.shape))]
    return setFilter(context.product('MatMul', pair(factors), { attributes: { transpose_a: true } }))
  }
  const window = paddedWindow({ ...attributes, size: kernelSize(dfilter.shape) }, x.shape, dy.shape)
  const sizes = filterShape(method, dfilter.shape, attributes.groups)
  const shape = { at: 1, name: graph.integers(sizes) }
  const options = { attributes: window.attributes, shape, isExact: isExact(x.shape) }
  const image = padImage(graph, context.get(x), window.padding)
  setFilter(context.product(ops[method][2], [image, context.get(dy)], options))
}

function shapedFilter(
  { graph }: Context,
  method: keyof typeof ops,
  weights: string,
  filter: Shape,
  { groups }: Conv2dAttributes,
): string {
  return method === 'plain' ? weights : graph.reshape(weights, filterShape(method, filter, groups))
}

const pair = (factors: readonly string[]) => factors as [string, string]

export const convolutionLowerings: LoweringsFor<'matmul' | Convolution> = {
  matmul: (context, { inputs: [a, b], outputs: [y], attributes: { transposeA, transposeB } }) => {
    const attributes = { transpose_a: transposeA, transpose_b: transposeB }
    context.set(y, context.product('MatMul', [context.get(a), context.get(b)], { attributes }))
  },
  conv2d,
  conv2dInputGradient,
  conv2dFilterGradient,
}
