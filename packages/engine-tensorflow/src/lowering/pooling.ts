import {
  type AveragePool2dAttributes,
  explicitPadding,
  type Padding2d,
  type Pool2dAttributes,
  type PoolingOp,
  type Shape,
} from '@convkit/graph'
import type { GraphBuilder } from '../saved-model/graph-builder.js'
import type { LoweringsFor } from './lowering.js'
import { paddedShape, padImage, unpadImage } from './slicing.js'

export const poolingLowerings: LoweringsFor<PoolingOp> = {
  maxPool2d: (context, node) => {
    const { graph } = context
    const { attributes, padding } = maxPool(node.inputs[0].shape, node.outputs[0].shape, node.attributes)
    const image = padMaxPool(graph, context.get(node.inputs[0]), padding)
    context.set(node.outputs[0], graph.add('MaxPool', [image], attributes))
  },

  maxPool2dGradient: (context, { inputs: [x, y, dy], outputs: [dx], attributes: given }) => {
    const { graph } = context
    const { attributes, padding } = maxPool(x.shape, y.shape, given)
    const image = padMaxPool(graph, context.get(x), padding)
    const slopes = graph.add('MaxPoolGrad', [image, context.get(y), context.get(dy)], attributes)
    context.set(dx, unpadImage(graph, slopes, dx.shape, padding))
  },

  // A window that hangs over the border sees zeros; then its mean is corrected for them.
  averagePool2d: (context, { inputs: [x], outputs: [y], attributes }) => {
    const { graph } = context
    const padding = explicitPadding(attributes, x.shape, y.shape)
    const padded = padImage(graph, context.get(x), padding)
    const means = graph.add('AvgPool', [padded], averagePool(attributes))
    context.set(y, corrected(graph, means, corrections(attributes, x.shape, y.shape)))
  },

  averagePool2dGradient: (context, { inputs: [dy], outputs: [dx], attributes }) => {
    const { graph } = context
    const padding = explicitPadding(attributes, dx.shape, dy.shape)
    const shape = graph.integers(paddedShape(dx.shape, padding))
    const slopes = corrected(graph, context.get(dy), corrections(attributes, dx.shape, dy.shape))
    const padded = graph.add('AvgPoolGrad', [shape, slopes], averagePool(attributes))
    context.set(dx, unpadImage(graph, padded, dx.shape, padding))
  },
}

/**
 * A max-pool that pads its image itself. oneDNN's kernels take no explicit padding, and the one for the gradient, 16
 * times as fast as TensorFlow's own, only the image that the forward kernel had: both paddings are one node.
 */
function maxPool(input: Shape, output: Shape, window: Pool2dAttributes) {
  const padding = explicitPadding(window, input, output)
  const { size, strides } = window
  const attributes = { ksize: [1, ...size, 1], strides: [1, ...strides, 1], padding: 'VALID' }
  return { attributes, padding }
}

const padMaxPool = (graph: GraphBuilder, x: string, padding: Padding2d) =>
  padImage(graph, x, padding, graph.number(Number.NEGATIVE_INFINITY))

function averagePool({ size, strides }: Pool2dAttributes) {
  return { ksize: [1, ...size, 1], strides: [1, ...strides, 1], padding: 'VALID' }
}

/** By what the mean over a whole window is to be multiplied, for each output pixel, row by row. */
function corrections(attributes: AveragePool2dAttributes, input: Shape, output: Shape) {
  const [rows, columns] = ([0, 1] as const).map((axis) => shares(axis, attributes, input, output))
  const data = Float32Array.from(rows!.flatMap((row) => columns!.map((column) => 1 / (row * column))))
  return { dtype: 'float32' as const, shape: [output[1]!, output[2]!, 1], data }
}

/** What share of each window counts along an axis: what hangs over the padded border never does. */
function shares(axis: 0 | 1, attributes: AveragePool2dAttributes, input: Shape, output: Shape): number[] {
  const { size, strides, padding, countPadding } = attributes
  const [before, after] = countPadding ? [padding[2 * axis]!, padding[2 * axis + 1]!] : [0, 0]
  return Array.from({ length: output[axis + 1]! }, (_, window) => {
    const start = window * strides[axis] - padding[2 * axis]!
    const counted = Math.min(start + size[axis], input[axis + 1]! + after) - Math.max(start, -before)
    return counted / size[axis]
  })
}

function corrected(graph: GraphBuilder, value: string, factors: ReturnType<typeof corrections>): string {
  if (factors.data.every((factor) => factor === 1)) return value
  return graph.add('Mul', [value, graph.constant(factors)])
}
