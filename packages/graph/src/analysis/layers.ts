import type { OpName } from '../ops/attributes.js'
import type { AnyNode, Shape, SymbolicTensor } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'
import { countActivationBytes } from './activation-bytes.js'
import { countMacs } from './macs.js'
import { type ReceptiveField, receptiveFields } from './receptive-field.js'

/** All that one scope of the graph computes: a row of a model summary. */
export interface Layer {
  /** Dotted path, such as `layer1.0.conv1`; empty for what comes before the first parameter. */
  readonly scope: string
  /** The op that takes the layer's parameters, or its first one when it has none. */
  readonly op: OpName
  /** Shape of what the layer computes last. */
  readonly shape: Shape
  readonly macs: number
  readonly activationBytes: number
  /** Of what the layer computes last, on the first image that is fed; missing when it sees none. */
  readonly receptiveField: ReceptiveField | undefined
  /** Names of the state that it reads, such as `layer1.0.conv1.weight`. */
  readonly parameters: readonly string[]
}

/** The layers that the tensors depend on, in the order in which they first compute. */
export function layers(tensors: Iterable<SymbolicTensor>): Layer[] {
  const targets = [...tensors]
  const order = topologicalOrder(targets)
  const image = order.find(({ op, outputs }) => op === 'input' && outputs[0]?.shape.length === 4)?.outputs[0]
  const fields = image ? receptiveFields(image, targets) : new Map<SymbolicTensor, ReceptiveField>()
  const scopes = new Map<string, AnyNode[]>()
  for (const node of order) {
    if (node.inputs.length === 0) continue
    const group = scopes.get(node.scope)
    if (group) group.push(node)
    else scopes.set(node.scope, [node])
  }
  return [...scopes].map(([scope, nodes]) => summarize(scope, nodes, fields))
}

function summarize(
  scope: string,
  nodes: AnyNode[],
  fields: ReadonlyMap<SymbolicTensor, ReceptiveField>,
): Layer {
  const main = nodes.find(({ inputs }) => inputs.some(({ node }) => node.op === 'state')) ?? nodes[0]
  const last = nodes.at(-1)?.outputs[0] as SymbolicTensor
  const parameters = nodes.flatMap(({ inputs }) =>
    inputs.flatMap(({ node }) => (node.op === 'state' ? [node.attributes.name] : [])),
  )
  return {
    scope,
    op: (main as AnyNode).op,
    shape: last.shape,
    macs: total(nodes, countMacs),
    activationBytes: total(nodes, countActivationBytes),
    receptiveField: fields.get(last),
    parameters: [...new Set(parameters)],
  }
}

function total(nodes: AnyNode[], count: (node: AnyNode) => number): number {
  return nodes.reduce((sum, node) => sum + count(node), 0)
}
