import type { ReductionOp } from '@convkit/graph'
import type { Lowering, LoweringsFor } from './lowering.js'

const reduction =
  (op: 'Sum' | 'Mean'): Lowering<'sum' | 'mean'> =>
  (context, { inputs: [x], outputs: [y], attributes: { axes, keepDims } }) => {
    const { graph } = context
    if (axes.length === 0) return context.alias(y, x)
    // Over all elements, their order does not matter.
    const layout = axes.length === x.shape.length ? context.layoutOf(x) : 'logical'
    context.set(y, graph.add(op, [context.get(x, layout), graph.integers(axes)], { keep_dims: keepDims }))
  }

export const reductionLowerings: LoweringsFor<ReductionOp> = {
  sum: reduction('Sum'),
  mean: reduction('Mean'),
}
