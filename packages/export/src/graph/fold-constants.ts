import { type FloatTensor, floatTensor } from '@convkit/core'
import { type AnyNode, rewrite, type SymbolicTensor, state, topologicalOrder } from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'

export interface FoldedGraph {
  readonly tensors: readonly SymbolicTensor[]
  /** A value of the folded graph's state, by name; it is computed when it is asked for. */
  weight(name: string): FloatTensor
}

/**
 * Replaces what follows from weights alone by new weights: a filter times the scale of a folded batch-norm becomes a
 * filter. Each is called like the first weight in it. Values are computed in float64 and rounded once.
 *
 * @returns the tensors in the folded graph, in the same order, and its weights.
 */
export function foldConstants(
  tensors: readonly SymbolicTensor[],
  weights: ReadonlyMap<string, FloatTensor>,
): FoldedGraph {
  const order = topologicalOrder(tensors)
  const constant = constantNodes(order)
  const isComputed = ({ node }: SymbolicTensor) => constant.has(node) && node.inputs.length > 0
  const read = [...tensors, ...order.filter((node) => !constant.has(node)).flatMap(({ inputs }) => inputs)]
  const used = new Set(read.flatMap(({ node }) => (node.op === 'state' ? [node.attributes.name] : [])))

  const folded = new Map<SymbolicTensor, string>()
  const expressions = new Map<string, SymbolicTensor>()
  for (const tensor of new Set(read.filter(isComputed))) {
    const name = unused(firstWeight(tensor), used)
    used.add(name)
    folded.set(tensor, name)
    expressions.set(name, tensor)
  }
  return {
    tensors: rewrite(tensors, ({ outputs }) => {
      const names = outputs.map((output) => folded.get(output))
      if (names.every((name) => name === undefined)) return undefined
      return outputs.map((output, i) => (names[i] === undefined ? output : state(names[i], output.shape)))
    }),
    weight(name) {
      const expression = expressions.get(name)
      return expression ? computed(expression, weights) : (weights.get(name) as FloatTensor)
    },
  }
}

/** Nodes that depend on no input. */
function constantNodes(order: readonly AnyNode[]): Set<AnyNode> {
  const constant = new Set<AnyNode>()
  for (const node of order) {
    const isSource = node.op === 'state' || node.op === 'constant'
    const isComputed = node.inputs.length > 0 && node.inputs.every((input) => constant.has(input.node))
    if (isSource || isComputed) constant.add(node)
  }
  return constant
}

function firstWeight(tensor: SymbolicTensor): string {
  const leaf = topologicalOrder([tensor]).find(({ op }) => op === 'state')
  return leaf?.op === 'state' ? leaf.attributes.name : 'constant'
}

function unused(name: string, used: ReadonlySet<string>): string {
  if (!used.has(name)) return name
  for (let i = 1; ; i++) if (!used.has(`${name}.${i}`)) return `${name}.${i}`
}

function computed(expression: SymbolicTensor, weights: ReadonlyMap<string, FloatTensor>) {
  const leaves = topologicalOrder([expression]).flatMap((node) =>
    node.op === 'state' ? [node.attributes.name] : [],
  )
  const values = leaves.map((name) => [name, weights.get(name)?.data ?? []] as const)
  const [value = []] = evaluate([expression], { state: Object.fromEntries(values) })
  return floatTensor(expression.shape, Float32Array.from(value))
}
