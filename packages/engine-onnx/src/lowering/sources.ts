import type { SourceOp } from '@convkit/graph'
import { convert } from './convert.js'
import type { LoweringsFor } from './lowering.js'

export const sourceLowerings: LoweringsFor<SourceOp> = {
  input: (context, { outputs: [value], attributes: { name } }) => {
    const fed = context.input(name, value)
    // Images change their layout before anything else, while their pixels are small; unused, it is dropped.
    if (value.shape.length === 4) {
      context.set(value, 'channels-first', convert(context.graph, fed, value, 'logical', 'channels-first', 0))
    }
    context.set(value, 'logical', fed)
  },
  state: (context, { outputs: [value], attributes: { name } }) =>
    context.set(value, context.stateLayout(name), context.state(name, value)),
  constant: (context, { outputs: [tensor], attributes: { value } }) =>
    context.set(tensor, 'logical', context.graph.constant(value)),
}
