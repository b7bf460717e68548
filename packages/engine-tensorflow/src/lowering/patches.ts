import { type Conv2dAttributes, type Shape, type SymbolicTensor, sizeOf } from '@convkit/graph'
import type { GraphBuilder } from '../saved-model/graph-builder.js'
import type { LoweringsFor } from './lowering.js'
import { paddedShape, padImage, seenAt, slice, sliceGradient, unpadImage } from './slicing.js'

type Sizes = [number, number, number, number]

/**
 * Convolution as one matrix product a group, of patches: what a filter's position sees of each output pixel,
 * `[groups, pixels, kh · kw · in]`. Any strides, dilations and groups; slower than TensorFlow's own convolutions.
 */
export const patchLowerings: LoweringsFor<'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient'> = {
  conv2d: (context, { inputs: [x, filter], outputs: [y], attributes }) => {
    const { graph } = context
    const { groups } = attributes
    const seen = patches(graph, context.get(x), x.shape, filter.shape, y.shape, attributes)
    const weights = groupedFilter(graph, context.get(filter, 'filter'), filter.shape, groups)
    const product = context.product('BatchMatMulV2', [seen, weights])
    context.set(y, graph.reshape(graph.transpose(product, swapped), y.shape))
  },

  conv2dFilterGradient: (context, { inputs: [x, dy], outputs: [dfilter], attributes }) => {
    const { graph } = context
    const [out, inputs, kh, kw] = dfilter.shape as Sizes
    const seen = patches(graph, context.get(x), x.shape, dfilter.shape, dy.shape, attributes)
    const slopes = groupedPixels(graph, context.get(dy), dy, attributes.groups)
    const product = context.product('BatchMatMulV2', [seen, slopes], { attributes: { adj_x: true } })
    const value = graph.reshape(graph.transpose(product, swapped), [kh, kw, inputs, out])
    context.set(dfilter, value, 'filter')
  },

  conv2dInputGradient: (context, { inputs: [dy, filter], outputs: [dx], attributes }) => {
    const { graph } = context
    const { groups } = attributes
    const [n, oh, ow] = dy.shape as Sizes
    const [, inputs, kh, kw] = filter.shape as Sizes
    const slopes = groupedPixels(graph, context.get(dy), dy, groups)
    const weights = groupedFilter(graph, context.get(filter, 'filter'), filter.shape, groups)
    const product = context.product('BatchMatMulV2', [slopes, weights], { attributes: { adj_y: true } })
    const perPosition = graph.reshape(graph.transpose(product, swapped), [
      n * oh * ow,
      groups,
      kh * kw,
      inputs,
    ])
    const added = positions(filter.shape).map((position, k) => {
      const size = [n * oh * ow, groups, 1, inputs]
      const part = graph.add('Slice', [perPosition, graph.integers([0, 0, k, 0]), graph.integers(size)])
      const image = graph.reshape(part, [n, oh, ow, groups * inputs])
      const shape = paddedShape(dx.shape, attributes.padding)
      return sliceGradient(graph, image, shape, seenAt(dx.shape, dy.shape, position, attributes))
    })
    const sum = added.length === 1 ? (added[0] as string) : graph.add('AddN', added, { N: added.length })
    context.set(dx, unpadImage(graph, sum, dx.shape, attributes.padding))
  },
}

/** Exchanges groups and pixels, or groups and the positions of a filter. */
const swapped = [1, 0, 2]

/** Row and column of each position in a filter. */
function positions([, , kh = 0, kw = 0]: Shape): [number, number][] {
  return Array.from({ length: kh * kw }, (_, k) => [Math.floor(k / kw), k % kw])
}

/** `[n, h, w, groups · c]` → `[groups, n · h · w, c]` */
function groupedPixels(graph: GraphBuilder, value: string, { shape }: SymbolicTensor, groups: number) {
  const pixels = sizeOf(shape.slice(0, -1))
  return graph.transpose(graph.reshape(value, [pixels, groups, shape[3]! / groups]), swapped)
}

/** `[kh, kw, in, groups · c]` → `[groups, kh · kw · in, c]` */
function groupedFilter(graph: GraphBuilder, value: string, filter: Shape, groups: number): string {
  const [out, inputs, kh, kw] = filter as Sizes
  return graph.transpose(graph.reshape(value, [kh * kw * inputs, groups, out / groups]), swapped)
}

function patches(
  graph: GraphBuilder,
  value: string,
  input: Shape,
  filter: Shape,
  output: Shape,
  attributes: Conv2dAttributes,
): string {
  const [n, oh, ow] = output as Sizes
  const [, inputs] = filter as Sizes
  const { groups } = attributes
  const padded = padImage(graph, value, attributes.padding)
  const shape = paddedShape(input, attributes.padding)
  const seen = positions(filter).map((position) => {
    const part = slice(graph, padded, shape, seenAt(input, output, position, attributes))
    return graph.reshape(part, [n * oh * ow, groups, 1, inputs])
  })
  const joined = graph.concat(seen, 2)
  return graph.transpose(graph.reshape(joined, [n * oh * ow, groups, seen.length * inputs]), swapped)
}
