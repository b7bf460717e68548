import type { BuiltNode, Shape } from '@convkit/graph'
import type { Context } from './context.js'

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
