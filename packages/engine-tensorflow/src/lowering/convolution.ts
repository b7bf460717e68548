import { type Conv2dAttributes, type Pair, type Shape, type SymbolicTensor, sizeOf } from '@convkit/graph'
import type { TensorFlowOp } from '../saved-model/ops.js'
import type { Context } from './context.js'
import type { Lowering, LoweringsFor } from './lowering.js'
import { patchLowerings } from './patches.js'
import { paddedShape, padImage, unpadImage } from './slicing.js'
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
  if (isPlain && isPoint && Math.max(...strides, 1 + Math.max(...padding)) === 1) return 'matmul'
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

const kernelSize = ([, , kh = 1, kw = 1]: Shape): Pair => [kh, kw]

/** One row a pixel. */
const rows = ({ shape }: SymbolicTensor): Shape => [sizeOf(shape.slice(0, -1)), shape[3] as number]

/** A 1×1 filter as the matrix `[in, out]`. */
const matrix = ([out = 0, inputs = 0]: Shape): Shape => [inputs, out]

const conv2d: Lowering<'conv2d'> = (context, node) => {
  const {
    inputs: [x, filter],
    outputs: [y],
    attributes,
  } = node
  const { graph } = context
  const method = methodOf(filter.shape, attributes)
  if (method === 'patches') return patchLowerings.conv2d(context, node)
  const weights = context.get(filter, 'filter')
  if (method === 'matmul') {
    const factors = [graph.reshape(context.get(x), rows(x)), graph.reshape(weights, matrix(filter.shape))]
    return context.set(y, graph.reshape(context.product('MatMul', pair(factors)), y.shape))
  }
  const shaped = shapedFilter(context, method, weights, filter.shape, attributes)
  const options = { attributes: windowAttributes(attributes) }
  context.set(y, context.product(ops[method][0], [context.get(x), shaped], options))
}

const conv2dInputGradient: Lowering<'conv2dInputGradient'> = (context, node) => {
  const {
    inputs: [dy, filter],
    outputs: [dx],
    attributes,
  } = node
  const { graph } = context
  const method = methodOf(filter.shape, attributes)
  if (method === 'patches') return patchLowerings.conv2dInputGradient(context, node)
  const weights = context.get(filter, 'filter')
  if (method === 'matmul') {
    const factors = [graph.reshape(context.get(dy), rows(dy)), graph.reshape(weights, matrix(filter.shape))]
    const product = context.product('MatMul', pair(factors), { attributes: { transpose_b: true } })
    return context.set(dx, graph.reshape(product, dx.shape))
  }
  const shaped = shapedFilter(context, method, weights, filter.shape, attributes)
  const window = paddedWindow({ ...attributes, size: kernelSize(filter.shape) }, dx.shape, dy.shape)
  const shape = { at: 0, name: graph.integers(paddedShape(dx.shape, window.padding)) }
  const options = { attributes: window.attributes, shape }
  const slopes = context.product(ops[method][1], [shaped, context.get(dy)], options)
  context.set(dx, unpadImage(graph, slopes, dx.shape, window.padding))
}

const conv2dFilterGradient: Lowering<'conv2dFilterGradient'> = (context, node) => {
  const {
    inputs: [x, dy],
    outputs: [dfilter],
    attributes,
  } = node
  const { graph } = context
  const [out, inputs, kh, kw] = dfilter.shape as Sizes
  const method = methodOf(dfilter.shape, attributes)
  if (method === 'patches') return patchLowerings.conv2dFilterGradient(context, node)
  const setFilter = (value: string) =>
    context.set(dfilter, graph.reshape(value, [kh, kw, inputs, out]), 'filter')
  if (method === 'matmul') {
    const factors = [graph.reshape(context.get(x), rows(x)), graph.reshape(context.get(dy), rows(dy))]
    return setFilter(context.product('MatMul', pair(factors), { attributes: { transpose_a: true } }))
  }
  const window = paddedWindow({ ...attributes, size: kernelSize(dfilter.shape) }, x.shape, dy.shape)
  const sizes = filterShape(method, dfilter.shape, attributes.groups)
  const shape = { at: 1, name: graph.integers(sizes) }
  const options = { attributes: window.attributes, shape }
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
