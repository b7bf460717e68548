import type { ReductionOp } from '@convkit/graph'
import { physicalShape } from '../layout.js'
import { convert } from './convert.js'
import type { Lowering, LoweringsFor } from './lowering.js'

/** Reduces in the layout that the tensor is in, keeping axes, and moves the small result. */
const reduction =
  (op: 'ReduceSum' | 'ReduceMean'): Lowering<'sum' | 'mean'> =>
  (context, { inputs: [x], outputs: [y], attributes: { axes } }) => {
    const { graph } = context
    if (axes.length === 0) return context.alias(y, x)
    const layout = context.layoutOf(x)
    const arrangement = context.arrange(layout, x.shape)
    const positions = arrangement.axes.flatMap((axis, position) => (axes.includes(axis) ? [position] : []))
    const physical = graph.reshape(context.get(x, layout), physicalShape(arrangement))
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    const reduced = graph.add(op, [physical, graph.integers(positions)], { keepdims: 1 })
    graph.declare(reduced, physicalShape(context.arrange(layout, kept)))
    context.set(
      y,
      'logical',
      graph.reshape(
        convert(graph, reduced, { shape: kept, dtype: x.dtype }, layout, 'logical', context.block),
        y.shape,
      ),
    )
  }

export const reductionLowerings: LoweringsFor<ReductionOp> = {
  sum: reduction('ReduceSum'),
  mean: reduction('ReduceMean'),
}
