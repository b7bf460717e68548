import { isDenseConvolution, type Shape } from '@convkit/graph'
import { blockedFilterLayout, type Layout } from '../layout.js'
import type { GraphBuilder } from '../onnx/graph-builder.js'
import { addBlockedConvolution } from './blocked-convolution.js'
import type { Context } from './context.js'
import { denseFilterGradient } from './dense-convolution.js'
import type { Lowering } from './lowering.js'
import { nchwc } from './nchwc.js'
import {
  channelPatches,
  type FilterGradient,
  type Patches,
  pixelPatches,
  type Range,
  unfoldTaps,
} from './patches.js'
import { onnxPads } from './pool-padding.js'

/** Images whose patches take up to so many bytes are multiplied at once. */
const largestPatches = 2 ** 28
/** With fewer positions than this in an image, one product takes all images. */
const manyPositions = 28 * 28
/** Images of up to so many channels are taken channel by channel. */
const fewChannels = 4

export const convolutionFilterGradient: Lowering<'conv2dFilterGradient'> = (context, node) => {
  const {
    inputs: [x],
    outputs: [gradient],
    attributes: { filterShape, groups },
  } = node
  if (isDenseConvolution(x.shape, filterShape, node.attributes)) return denseFilterGradient(context, node)
  const layout = blockedFilterLayout(filterShape, groups, context.block)
  if (groups === 1) return ungrouped(context, node, layout)
  if (layout === 'blocked-outputs-filter')
    return context.set(gradient, layout, blockedDepthwise(context, node))
  context.set(gradient, 'logical', grouped(context, node))
}

/** dW = dy · patches(x), a matrix product over images and positions. */
function ungrouped(context: Context, node: FilterGradient, layout: Layout | undefined): void {
  const {
    outputs: [gradient],
    attributes: { filterShape, strides, dilations },
  } = node
  const { graph } = context
  const [o, c, kh, kw] = filterShape as [number, number, number, number]
  if (c <= fewChannels && kh * kw > 1 && dilations.every((dilation) => dilation === 1)) {
    const multiply = context.target === 'webgpu' ? imageByImageMoved : imageByImageTransposed
    const sums = product(context, node, channelPatches(context, node), multiply)
    context.set(gradient, 'logical', unfoldTaps(context, sums, filterShape, strides))
    return
  }
  const isLarge = node.inputs[1].shape[1]! * node.inputs[1].shape[2]! >= manyPositions
  const sums = product(context, node, pixelPatches(context, node), isLarge ? imageByImage : allImages)
  if (layout === 'blocked-filter') {
    context.set(gradient, layout, asBlockedFilter(context, sums, filterShape))
    return
  }
  const split = [o, kh * kw, c]
  const logical = graph.transpose(graph.reshape(sums, split), split, [0, 2, 1])
  context.set(gradient, 'logical', graph.reshape(logical, filterShape))
}

/** dy `[images, o, positions]` and patches → `[o, columns]` */
type Product = (graph: GraphBuilder, dy: string, patches: string, sizes: ProductSizes) => string

type ProductSizes = Record<'images' | 'o' | 'positions' | 'columns', number>

const imageByImage: Product = (graph, dy, patches, { images, positions, columns }) =>
  sumOverImages(graph, graph.add('MatMul', [dy, graph.reshape(patches, [images, positions, columns])]))

const imageByImageTransposed: Product = (graph, dy, patches, { images, positions, columns }) => {
  const operands = [dy, graph.reshape(patches, [images, columns, positions])]
  return sumOverImages(graph, graph.add('com.microsoft:FusedMatMul', operands, { transB: 1 }))
}

/** The same for WebGPU, which lacks the op. */
const imageByImageMoved: Product = (graph, dy, patches, { images, positions, columns }) => {
  const shape = [images, columns, positions]
  const moved = graph.transpose(graph.reshape(patches, shape), shape, [0, 2, 1])
  return sumOverImages(graph, graph.add('MatMul', [dy, moved]))
}

const allImages: Product = (graph, dy, patches, { images, o, positions, columns }) => {
  const slopes = graph.reshape(graph.transpose(dy, [images, o, positions], [1, 0, 2]), [
    o,
    images * positions,
  ])
  return graph.add('MatMul', [slopes, graph.reshape(patches, [images * positions, columns])])
}

const sumOverImages = (graph: GraphBuilder, x: string) =>
  graph.add('ReduceSum', [x, graph.integers([0])], { keepdims: 0 })

/** The product over the whole batch, by as many images at once as {@link largestPatches} allows. */
function product(
  context: Context,
  { inputs: [, dy] }: FilterGradient,
  { columns, of }: Patches,
  multiply: Product,
): string {
  const { graph } = context
  const [n, oh, ow, o] = dy.shape as [number, number, number, number]
  const positions = oh * ow
  const slopes = graph.reshape(context.get(dy, 'channels-first'), [n, o, positions])
  const step = Math.max(1, Math.floor(largestPatches / (4 * positions * columns)))
  const parts = Array.from({ length: Math.ceil(n / step) }, (_, i) => {
    const range: Range = [i * step, Math.min((i + 1) * step, n)]
    const images = range[1] - range[0]
    const some =
      images === n ? slopes : graph.add('Slice', [slopes, ...range.map((image) => graph.integers([image]))])
    return multiply(graph, some, of(range), { images, o, positions, columns })
  })
  return parts.reduce((sum, part) => graph.add('Add', [sum, part]))
}

/** `[o, taps · c]` → the filter's blocked layout. */
function asBlockedFilter({ graph, block }: Context, matrix: string, filterShape: Shape): string {
  const [o, c, kh, kw] = filterShape as [number, number, number, number]
  // As images of b channels, for which this op is a fast transposition of the innermost axes.
  const rows = graph.reshape(matrix, [o / block, block, kh * kw * c, 1])
  const blocked = graph.add(nchwc('ReorderInput'), [rows], { channels_last: 0 })
  const split = [o / block, kh * kw, c / block, block * block]
  return graph.reshape(graph.transpose(graph.reshape(blocked, split), split, [0, 2, 1, 3]), filterShape)
}

/** As {@link grouped}, with every channel of every image a group: in memory dy is a blocked depthwise filter already. */
function blockedDepthwise(context: Context, { inputs: [x, dy], attributes }: FilterGradient): string {
  const { graph, block } = context
  const { strides, dilations, padding, filterShape } = attributes
  const [n, h, w, c] = x.shape as [number, number, number, number]
  const [, oh, ow] = dy.shape as [number, number, number, number]
  const [, , kh, kw] = filterShape as [number, number, number, number]
  const planes = n * c
  const size = (axis: 0 | 1) =>
    Math.floor(
      (x.shape[axis + 1]! +
        padding[2 * axis]! +
        padding[2 * axis + 1]! -
        (dy.shape[axis + 1]! - 1) * strides[axis] -
        1) /
        dilations[axis],
    ) + 1
  const image = graph.reshape(context.get(x, 'blocked'), [1, planes, h, w])
  const slopes = graph.reshape(context.get(dy, 'blocked'), [planes, 1, oh, ow])
  const taps = addBlockedConvolution(graph, [image, slopes], {
    kernel: [oh, ow],
    strides: dilations,
    dilations: strides,
    padding,
    groups: planes,
  })
  const split = graph.reshape(taps, [n, c / block, size(0), size(1), block])
  const cut = graph.add('Slice', [
    split,
    graph.integers([0, 0]),
    graph.integers([kh, kw]),
    graph.integers([2, 3]),
  ])
  return graph.reshape(graph.add('ReduceSum', [cut, graph.integers([0])], { keepdims: 0 }), filterShape)
}

/**
 * A convolution of x with dy in the filter's place, images in the channels' place, and strides and dilations
 * exchanged: it sums over images and positions.
 */
function grouped(context: Context, { inputs: [x, dy], attributes }: FilterGradient): string {
  const { graph } = context
  const { groups, strides, dilations, padding, filterShape } = attributes
  const [n, h, w] = x.shape as [number, number, number]
  const [, oh, ow] = dy.shape as [number, number, number]
  const [o, i, kh, kw] = filterShape as [number, number, number, number]
  const images = [n, groups, i, h, w]
  const channels = graph.transpose(
    graph.reshape(context.get(x, 'channels-first'), images),
    images,
    [2, 1, 0, 3, 4],
  )
  const slopes = [n, o, oh, ow]
  const operands = [
    graph.reshape(channels, [i, groups * n, h, w]),
    graph.transpose(context.get(dy, 'channels-first'), slopes, [1, 0, 2, 3]),
  ]
  const taps = graph.add('Conv', operands, {
    kernel_shape: [oh, ow],
    strides: dilations,
    dilations: strides,
    group: groups,
    pads: onnxPads(padding),
  })
  // Where strides do not divide the image, the last windows fit further taps than the filter has.
  const cut = graph.add('Slice', [
    taps,
    graph.integers([0, 0]),
    graph.integers([kh, kw]),
    graph.integers([2, 3]),
  ])
  return graph.transpose(cut, [i, o, kh, kw], [1, 0, 2, 3])
}
