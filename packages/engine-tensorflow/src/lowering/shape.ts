import { type ShapeOp, sizeOf } from '@convkit/graph'
import { physicalShape } from './layout.js'
import type { LoweringsFor } from './lowering.js'
import { pad, slice, sliceGradient } from './slicing.js'

export const shapeLowerings: LoweringsFor<ShapeOp> = {
  reshape: (context, { inputs: [x], outputs: [y], attributes: { shape } }) =>
    context.set(y, context.graph.reshape(context.get(x), shape)),

  transpose: (context, { inputs: [x], outputs: [y], attributes: { permutation } }) =>
    context.set(y, context.graph.transpose(context.get(x), permutation)),

  broadcastTo: (context, { inputs: [x], outputs: [y] }) => {
    const { graph } = context
    const value = context.get(x)
    // One value everywhere is the same in every layout.
    const layouts =
      sizeOf(x.shape) === 1 && y.shape.length === 4
        ? (['logical', 'filter'] as const)
        : (['logical'] as const)
    for (const layout of layouts) {
      const shape = graph.integers(physicalShape(y.shape, layout))
      context.set(y, graph.add('BroadcastTo', [value, shape]), layout)
    }
  },

  concat: (context, { inputs, outputs: [y], attributes: { axis } }) =>
    context.set(
      y,
      context.graph.concat(
        inputs.map((x) => context.get(x)),
        axis,
      ),
    ),

  slice: (context, { inputs: [x], outputs: [y], attributes }) =>
    context.set(y, slice(context.graph, context.get(x), x.shape, attributes)),

  sliceGradient: (context, { inputs: [dy], outputs: [dx], attributes }) =>
    context.set(
      dx,
      sliceGradient(context.graph, context.get(dy), dx.shape, { ...attributes, sizes: dy.shape }),
    ),

  pad: (context, { inputs: [x], outputs: [y], attributes: { before, after, value } }) => {
    const { graph } = context
    const filler = graph.cast(graph.number(value), x.dtype)
    context.set(y, pad(graph, context.get(x), before, after, filler))
  },

  resizeBilinear: (context, { inputs: [x], outputs: [y], attributes: { size, coordinates } }) => {
    const { graph } = context
    const attributes = resizeAttributes(coordinates)
    context.set(y, graph.add('ResizeBilinear', [context.get(x), graph.integers(size)], attributes))
  },

  resizeBilinearGradient: (context, { inputs: [dy], outputs: [dx], attributes: { coordinates } }) => {
    const { graph } = context
    // Only the shape of the image is read.
    const image = graph.add('BroadcastTo', [graph.number(0), graph.integers(dx.shape)])
    const attributes = resizeAttributes(coordinates)
    context.set(dx, graph.add('ResizeBilinearGrad', [context.get(dy), image], attributes))
  },

  oneHot: (context, { inputs: [labels], outputs: [y], attributes: { depth } }) => {
    const { graph } = context
    const operands = [context.get(labels), graph.integer(depth), graph.number(1), graph.number(0)]
    context.set(y, graph.add('OneHot', operands, { axis: -1 }))
  },
}

function resizeAttributes(coordinates: 'half-pixel' | 'align-corners') {
  return {
    align_corners: coordinates === 'align-corners',
    half_pixel_centers: coordinates === 'half-pixel',
  }
}
