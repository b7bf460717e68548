import type { BuiltNode, Conv2dAttributes, Shape } from '@convkit/graph'
import type { Context } from './context.js'

/**
 * Whether a convolution sees each image in one window, and so is a dense layer: the first wide layer of a VGG, and any
 * 1×1 convolution of a 1×1 image.
 */
export function isDense(input: Shape, filter: Shape, { groups, padding }: Conv2dAttributes): boolean {
  return (
    groups === 1 && input[1] === filter[2] && input[2] === filter[3] && padding.every((size) => size === 0)
  )
}

/** y = x · Wᵀ, with images as rows `[n, c · h · w]`. */
export function denseConvolution(context: Context, node: BuiltNode<'conv2d'>): void {
  const {
    inputs: [x, filter],
    outputs: [y],
  } = node
  const operands = [rows(context, x), context.get(filter, 'matrix-filter')]
  setRows(context, y, context.graph.add('Gemm', operands, { transB: 1 }))
}

/** dx = dy · W */
export function denseInputGradient(context: Context, node: BuiltNode<'conv2dInputGradient'>): void {
  const {
    inputs: [dy, filter],
    outputs: [dx],
  } = node
  setRows(context, dx, context.graph.add('Gemm', [rows(context, dy), context.get(filter, 'matrix-filter')]))
}

/** dW = dyᵀ · x */
export function denseFilterGradient(context: Context, node: BuiltNode<'conv2dFilterGradient'>): void {
  const {
    inputs: [x, dy],
    outputs: [gradient],
  } = node
  const product = context.graph.add('Gemm', [rows(context, dy), rows(context, x)], { transA: 1 })
  context.set(gradient, 'matrix-filter', product)
}

type Image = BuiltNode<'conv2d'>['inputs'][0]

const rowShape = ([n = 1, h = 1, w = 1, c = 1]: Shape) => [n, c * h * w]

const rows = ({ graph, get }: Context, image: Image) =>
  graph.reshape(get(image, 'channels-first'), rowShape(image.shape))

function setRows({ graph, set, arrange }: Context, image: Image, name: string): void {
  graph.declare(name, rowShape(image.shape))
  set(image, 'channels-first', graph.reshape(name, arrange('channels-first', image.shape).declared))
}
