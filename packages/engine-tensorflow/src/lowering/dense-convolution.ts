import { type BuiltNode, sizeOf } from '@convkit/graph'
import type { Context } from './context.js'

// A convolution that sees each image in one window is a matrix product: memory has images and filters as its factors.

/** y = x · W */
export function denseConvolution(context: Context, node: BuiltNode<'conv2d'>): void {
  const {
    inputs: [x, filter],
    outputs: [y],
  } = node
  const product = context.product('MatMul', [rows(context, x), matrix(context, filter)])
  context.set(y, context.graph.reshape(product, y.shape))
}

/** dx = dy · Wᵀ */
export function denseInputGradient(context: Context, node: BuiltNode<'conv2dInputGradient'>): void {
  const {
    inputs: [dy, filter],
    outputs: [dx],
  } = node
  const factors = [rows(context, dy), matrix(context, filter)] as const
  const product = context.product('MatMul', factors, { attributes: { transpose_b: true } })
  context.set(dx, context.graph.reshape(product, dx.shape))
}

/** dW = xᵀ · dy */
export function denseFilterGradient(context: Context, node: BuiltNode<'conv2dFilterGradient'>): void {
  const {
    inputs: [x, dy],
    outputs: [dfilter],
  } = node
  const factors = [rows(context, x), rows(context, dy)] as const
  const product = context.product('MatMul', factors, { attributes: { transpose_a: true } })
  const [out, inputs, kh, kw] = dfilter.shape as [number, number, number, number]
  context.set(dfilter, context.graph.reshape(product, [kh, kw, inputs, out]), 'filter')
}

type Tensor = BuiltNode<'conv2d'>['inputs'][0]

/** `[n, h · w · c]` */
function rows({ graph, get }: Context, image: Tensor): string {
  const [n = 1] = image.shape
  return graph.reshape(get(image), [n, sizeOf(image.shape) / n])
}

/** `[kh · kw · in, out]` */
function matrix({ graph, get }: Context, filter: Tensor): string {
  const [out = 1] = filter.shape
  return graph.reshape(get(filter, 'filter'), [sizeOf(filter.shape) / out, out])
}
