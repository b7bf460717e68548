import type { SourceOp } from '@convkit/graph'
import { stateLayout } from './layout.js'
import type { LoweringsFor } from './lowering.js'

export const sourceLowerings: LoweringsFor<SourceOp> = {
  input: (context, { outputs: [value], attributes: { name } }) => context.set(value, context.input(name)),
  state: (context, { outputs: [value], attributes: { name } }) =>
    context.set(value, context.state(name), stateLayout(value.shape)),
  constant: (context, { outputs: [tensor], attributes: { value } }) =>
    context.set(tensor, context.graph.constant(value)),
}
