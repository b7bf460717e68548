import { type FloatTensor, signatureOf, unnamedInput } from '@convkit/core'
import {
  foldBatchNorm,
  handleNode,
  type Program,
  type Signature,
  type SymbolicTensor,
  topologicalOrder,
} from '@convkit/graph'
import { createContext, type Products, type Sources } from './lowering/context.js'
import { physicalShape, stateLayout } from './lowering/layout.js'
import { lowerings } from './lowering/lowerings.js'
import { momentumSteps } from './momentum-steps.js'
import { packedLength, unpack } from './packed-bytes.js'
import { done, doneName, type Endpoint, fed, fetched, type GraphSignature } from './saved-model/endpoints.js'
import { type GraphBuilder, graphBuilder } from './saved-model/graph-builder.js'
import type { SavedModelGraph } from './saved-model/saved-model.js'
import { stateSignatures } from './state-signatures.js'
import { type Variables, variables } from './variables.js'

export interface LowerOptions {
  /** How convolutions and matrix products are computed; in float32 by default. */
  readonly products?: Products
  /** Take uint8 inputs as int32 vectors with four bytes in each, which tfjs-node feeds fastest; false by default. */
  readonly packBytes?: boolean
  /** Names of state that the host reads and writes together; each group gets signatures for that. */
  readonly stateGroups?: readonly (readonly string[])[]
  /** Values of state to hold as constants in the graph; by default state is in variables. */
  readonly weights?: (name: string) => FloatTensor
}

/**
 * Lowers a program to one TensorFlow graph with its signatures, over variables that they share and that have no
 * values yet.
 *
 * @throws E_SIGNATURE when a signature reads an input that it does not name.
 */
export function lowerProgram(program: Program, options: LowerOptions = {}): SavedModelGraph {
  const graph = graphBuilder()
  const state = variables(graph, program)
  const signatures = Object.keys(program.signatures).map(
    (name) => [name, lowerSignature(graph, state, program, name, options)] as const,
  )
  const access = stateSignatures(graph, state, options.stateGroups ?? [])
  return { nodes: graph.nodes, signatures: { ...Object.fromEntries(signatures), ...access } }
}

function lowerSignature(
  graph: GraphBuilder,
  state: Variables,
  program: Program,
  name: string,
  { products = 'float32', packBytes = false, weights }: LowerOptions,
): GraphSignature {
  const signature = signatureOf(program, name)
  graph.enter(name)
  const inputs = mapRecord(signature.inputs, ({ dtype, shape }) =>
    packBytes && dtype === 'uint8' ? fed(graph, 'int32', [packedLength(shape)]) : fed(graph, dtype, shape),
  )
  const reads = new Map<string, string>()
  const context = createContext(
    graph,
    {
      input: inputSource(graph, name, signature, inputs),
      state(key) {
        const read = reads.get(key) ?? (weights ? constantWeight(graph, weights(key)) : state.read(key))
        reads.set(key, read)
        return read
      },
    },
    { products },
  )
  const { outputs, updates } = withFoldedBatchNorm(signature)
  const steps = momentumSteps(signature)
  const stepped = new Set(steps.flatMap(({ parameter, velocity }) => [parameter, velocity]))
  const computed = Object.entries(updates).filter(([key]) => !stepped.has(key))
  for (const node of topologicalOrder([
    ...Object.values(outputs),
    ...computed.map(([, tensor]) => tensor),
    ...steps.flatMap(({ gradient, rate, momentum }) => [gradient, rate, momentum]),
  ])) {
    graph.enter(`${name}/${node.scope}`)
    handleNode(lowerings, context, node)
  }
  graph.enter(name)
  // After what reads the old values: new ones are computed from the old ones alone.
  const readsOf = (...keys: string[]) => keys.flatMap((key) => reads.get(key) ?? [])
  const assigned = computed.map(([key, tensor]) =>
    state.assign(key, context.get(tensor, stateLayout(tensor.shape)), readsOf(key)),
  )
  const moved = steps.map(({ parameter, velocity, gradient, rate, momentum, isNesterov }) => {
    const slopes = context.get(gradient, stateLayout(gradient.shape))
    const operands = { rate: context.get(rate), slopes, momentum: context.get(momentum) }
    return state.move(parameter, velocity, operands, isNesterov, readsOf(parameter, velocity))
  })
  const stored = [...assigned, ...moved]
  return {
    inputs,
    outputs: {
      ...mapRecord(outputs, (tensor) => fetched(graph, context.get(tensor), tensor.dtype, tensor.shape)),
      ...(stored.length > 0 && { [doneName]: done(graph, stored) }),
    },
  }
}

/** A weight as a constant, in the layout that state is kept in. */
function constantWeight(graph: GraphBuilder, weight: FloatTensor): string {
  const { shape, data } = weight
  if (stateLayout(shape) === 'logical') return graph.constant(weight)
  const [out, inputs, kh, kw] = shape as [number, number, number, number]
  const kept = new Float32Array(data.length)
  for (let o = 0, at = 0; o < out; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < kh * kw; tap++) kept[(tap * inputs + i) * out + o] = data[at++] as number
    }
  }
  return graph.constant({ dtype: 'float32', shape: physicalShape(shape, 'filter'), data: kept })
}

/**
 * Where nothing is trained, filters take in the scales of batch-norms after them, anew in each call, for TensorFlow's
 * own fused kernel takes a tenth of a second for a single image.
 */
function withFoldedBatchNorm(signature: Signature): Signature {
  const { outputs, updates } = signature
  if (Object.keys(updates).length > 0) return signature
  const folded = foldBatchNorm(Object.values(outputs))
  const names = Object.keys(outputs)
  return {
    ...signature,
    outputs: Object.fromEntries(names.map((name, i) => [name, folded[i] as SymbolicTensor])),
  }
}

/** Values of a signature's inputs, made when they are first read. */
function inputSource(
  graph: GraphBuilder,
  name: string,
  signature: Signature,
  endpoints: Readonly<Record<string, Endpoint>>,
): Sources['input'] {
  const isStoring = Object.keys(signature.updates).length > 0
  return (key) => {
    const endpoint = Object.hasOwn(endpoints, key) ? endpoints[key] : undefined
    if (!endpoint) throw unnamedInput(name, key, Object.keys(endpoints))
    const { dtype, shape } = signature.inputs[key] as SymbolicTensor
    if (dtype !== endpoint.dtype) return unpack(graph, endpoint.node, shape)
    // No variable must come to share the memory that the host feeds.
    return isStoring && dtype === 'float32' ? graph.add('DeepCopy', [endpoint.node]) : endpoint.node
  }
}

function mapRecord<A, B>(record: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]))
}
