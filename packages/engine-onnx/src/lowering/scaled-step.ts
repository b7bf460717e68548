import { type SymbolicTensor, sameShape, sizeOf } from '@convkit/graph'
import { addBlockedConvolution } from './blocked-convolution.js'
import type { Context } from './context.js'
import { longestRun } from './longest-run.js'

/** Steps of fewer values are a product and a difference: a convolution is more to set up. */
const manyValues = 2 ** 14

interface Difference {
  readonly inputs: readonly SymbolicTensor[]
  readonly outputs: readonly [SymbolicTensor, ...SymbolicTensor[]]
}

/**
 * `p − x · rate` of a tensor of state p and a scalar, what an optimizer's step ends in, as one pass: x is convolved with
 * −rate, a channel a lane, and added to p. @returns whether it was one.
 */
export function scaledStep(context: Context, { inputs, outputs: [y] }: Difference): boolean {
  const { graph, block } = context
  const [p, change] = inputs as [SymbolicTensor, SymbolicTensor]
  if (p.node.op !== 'state' || change.node.op !== 'multiply' || block === 0) return false
  const [rate, x] = [...change.node.inputs].sort((a, b) => sizeOf(a.shape) - sizeOf(b.shape)) as [
    SymbolicTensor,
    SymbolicTensor,
  ]
  const size = sizeOf(y.shape)
  const isStep = sizeOf(rate.shape) === 1 && [p, x].every(({ shape }) => sameShape(shape, y.shape))
  if (!isStep || size < manyValues || size % block !== 0) return false

  const { names, layout } = context.align([p, x], y)
  const columns = longestRun(size / block, 1024)
  const lanes = [1, block, size / block / columns, columns]
  const [old, direction] = names.map((name) => graph.reshape(name, lanes)) as [string, string]
  const negated = graph.add('Neg', [graph.reshape(context.get(rate, 'logical'), [1, 1, 1, 1])])
  const filter = graph.add('Expand', [negated, graph.integers([block, 1, 1, 1])])
  graph.declare(filter, [block, 1, 1, 1])
  const stepped = addBlockedConvolution(graph, [direction, filter], {
    kernel: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    padding: [0, 0, 0, 0],
    groups: block,
    sum: old,
  })
  graph.declare(stepped, lanes)
  const { declared: shape } = context.arrange(layout, y.shape)
  context.set(y, layout, graph.reshape(stepped, shape))
  return true
}
