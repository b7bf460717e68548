import { fromFilterOrder, stateLayout, toFilterOrder } from './lowering/layout.js'
import { done, doneName, fed, fetched, type GraphSignature } from './saved-model/endpoints.js'
import type { GraphBuilder } from './saved-model/graph-builder.js'
import type { Variables } from './variables.js'

/** The signature that gives the values of a group of state, by name, as the program has them. */
export const readName = (group: number) => `state/read/${group}`

/** The signature that takes values for a group of state, by name, as the program has them. */
export const writeName = (group: number) => `state/write/${group}`

/** Signatures that read and write groups of state, from and to the host. */
export function stateSignatures(
  graph: GraphBuilder,
  state: Variables,
  groups: readonly (readonly string[])[],
): Record<string, GraphSignature> {
  const signatures = groups.flatMap((names, group) => {
    graph.enter(readName(group))
    const read = readSignature(graph, state, names)
    graph.enter(writeName(group))
    const write = writeSignature(graph, state, names)
    return [[readName(group), read] as const, [writeName(group), write] as const]
  })
  return Object.fromEntries(signatures)
}

function readSignature(graph: GraphBuilder, state: Variables, names: readonly string[]): GraphSignature {
  const outputs = names.map((name) => {
    const shape = state.shapeOf(name)
    const kept = state.read(name)
    const value = stateLayout(shape) === 'filter' ? graph.transpose(kept, fromFilterOrder) : kept
    return [name, fetched(graph, value, 'float32', shape)] as const
  })
  return { inputs: {}, outputs: Object.fromEntries(outputs) }
}

function writeSignature(graph: GraphBuilder, state: Variables, names: readonly string[]): GraphSignature {
  const inputs = names.map((name) => [name, fed(graph, 'float32', state.shapeOf(name))] as const)
  const assigned = inputs.map(([name, { node, shape }]) => {
    // The variable must not come to share the memory that the host feeds.
    const isMoved = stateLayout(shape) === 'filter'
    return state.assign(name, isMoved ? graph.transpose(node, toFilterOrder) : graph.add('DeepCopy', [node]))
  })
  return { inputs: Object.fromEntries(inputs), outputs: { [doneName]: done(graph, assigned) } }
}
