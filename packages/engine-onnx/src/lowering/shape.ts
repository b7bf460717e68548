import type { ShapeOp } from '@convkit/graph'
import { broadcastTo } from './broadcast.js'
import type { LoweringsFor } from './lowering.js'
import { resizeLowerings } from './resize.js'
import { windowLowerings } from './window.js'

export const shapeLowerings: LoweringsFor<ShapeOp> = {
  ...resizeLowerings,
  ...windowLowerings,
  broadcastTo,

  reshape: (context, { inputs: [x], outputs: [y], attributes: { shape } }) =>
    context.set(y, 'logical', context.graph.reshape(context.get(x, 'logical'), shape)),

  transpose: (context, { inputs: [x], outputs: [y], attributes: { permutation } }) => {
    const { graph } = context
    // What is channels-first already, or was before, stays where it is in memory.
    if (permutation.join() === '0,3,1,2') return context.set(y, 'logical', context.get(x, 'channels-first'))
    if (permutation.join() === '0,2,3,1') return context.set(y, 'channels-first', context.get(x, 'logical'))
    context.set(y, 'logical', graph.transpose(context.get(x, 'logical'), x.shape, permutation))
  },

  // Not ONNX's OneHot, which counts negative labels from the end.
  oneHot: (context, { inputs: [labels], outputs: [y], attributes: { depth } }) => {
    const { graph } = context
    const column = graph.reshape(context.get(labels, 'logical'), [...labels.shape, 1])
    const data = Int32Array.from({ length: depth }, (_, i) => i)
    const classes = graph.constant({ dtype: 'int32', shape: [depth], data })
    context.set(y, 'logical', graph.add('Cast', [graph.add('Equal', [column, classes])], { to: 1 }))
  },
}
