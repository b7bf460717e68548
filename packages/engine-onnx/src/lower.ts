import { type FloatTensor, signatureOf, unnamedInput } from '@convkit/core'
import { handleNode, type Program, type SymbolicTensor, topologicalOrder } from '@convkit/graph'
import { fuse } from './fusion/fuse.js'
import { updateInPlace } from './in-place/update-in-place.js'
import type { Layout } from './layout.js'
import { type Context, createContext, type Target } from './lowering/context.js'
import { lowerings } from './lowering/lowerings.js'
import { graphBuilder, type OnnxGraph } from './onnx/graph-builder.js'

/** One signature of a program as an ONNX graph, with ONNX's names for what the signature names. */
export interface LoweredSignature {
  readonly graph: OnnxGraph
  readonly inputs: ReadonlyMap<string, string>
  readonly outputs: ReadonlyMap<string, string>
  /** Inputs of the graph that take state, by its name; none where state was baked in. */
  readonly state: ReadonlyMap<string, string>
  /** Outputs of the graph with new values of state, by its name; their shapes in the graph are their own. */
  readonly updates: ReadonlyMap<string, string>
  /** State whose new value may be written where the old one lies. */
  readonly inPlace: ReadonlySet<string>
}

export interface LowerOptions {
  /** Values of state to hold as constants in the graph; by default state is an input. */
  readonly weights?: (name: string) => FloatTensor
  /**
   * Size of the blocks of ONNX Runtime's own layout on the CPU that is to run the graph, to use its kernels; by
   * default the graph is plain ONNX, for any runtime.
   */
  readonly block?: number
  /** What is to run the graph: ops that it lacks are composed from others; `cpu` by default. */
  readonly target?: Target
  /** Layouts of state, if not logical. */
  readonly stateLayouts?: ReadonlyMap<string, Layout>
  /** Order the graph so that new values of state can be written over the old ones; false by default. */
  readonly updateInPlace?: boolean
}

/**
 * Lowers a signature to ONNX: its inputs and the state it reads become the graph's inputs, its outputs and updates
 * the graph's outputs.
 *
 * @throws E_SIGNATURE when the program has no such signature, or reads an input that the signature does not name.
 */
export function lowerSignature(program: Program, name: string, options: LowerOptions = {}): LoweredSignature {
  const { weights, block = 0, target = 'cpu', stateLayouts = new Map<string, Layout>() } = options
  const signature = signatureOf(program, name)
  const graph = graphBuilder()
  const inputs = new Map(
    Object.entries(signature.inputs).map(([key, { dtype, shape }]) => [key, graph.input(key, dtype, shape)]),
  )
  const state = new Map<string, string>()
  const stateLayout = (key: string): Layout => stateLayouts.get(key) ?? 'logical'
  const context: Context = createContext(
    graph,
    { block, target },
    {
      stateLayout,
      input(key) {
        const found = inputs.get(key)
        if (found !== undefined) return found
        throw unnamedInput(name, key, inputs.keys())
      },
      state(key, { shape }) {
        const known = state.get(key)
        if (known !== undefined) return known
        const declared = () => context.arrange(stateLayout(key), shape).declared
        const made = weights ? graph.initializer(key, weights(key)) : graph.input(key, 'float32', declared())
        state.set(key, made)
        return made
      },
    },
  )

  for (const node of topologicalOrder([
    ...Object.values(signature.outputs),
    ...Object.values(signature.updates),
  ])) {
    handleNode(lowerings, context, node)
  }
  const outputs = Object.entries(signature.outputs).map(([key, tensor]) => toOutput(context, key, tensor))
  const updates = Object.entries(signature.updates).map(([key, tensor]) =>
    toUpdate(context, `${key}.next`, tensor, stateLayout(key)),
  )
  const fused = fuse(graph.finish([...outputs, ...updates]))
  const pairs = Object.keys(signature.updates).map((key, i) => ({
    input: state.get(key),
    output: fused.outputs[outputs.length + i]?.name as string,
  }))
  const { graph: finished, inPlace } = options.updateInPlace
    ? updateInPlace(fused, pairs)
    : { graph: fused, inPlace: new Set<string>() }
  const named = (keys: readonly string[], from: number) =>
    new Map(keys.map((key, i) => [key, finished.outputs[from + i]?.name as string]))
  return {
    graph: finished,
    inputs,
    outputs: named(Object.keys(signature.outputs), 0),
    state: weights ? new Map() : state,
    updates: named(Object.keys(signature.updates), outputs.length),
    inPlace: new Set(
      Object.keys(signature.updates).filter((_, i) => inPlace.has(pairs[i]?.output as string)),
    ),
  }
}

function toOutput(context: Context, name: string, tensor: SymbolicTensor) {
  const { dtype, shape } = tensor
  return { name, value: context.get(tensor, 'logical'), dtype, shape }
}

/** A reshaped form would be a copy, and nothing outside of the graph sees the shape of state. */
function toUpdate(context: Context, name: string, tensor: SymbolicTensor, layout: Layout) {
  const { graph, arrange } = context
  const value = context.get(tensor, layout)
  const source = graph.sourceOf(value)
  const shape = graph.shapeOf(source)
  return shape
    ? { name, value: source, dtype: tensor.dtype, shape }
    : { name, value, dtype: tensor.dtype, shape: arrange(layout, tensor.shape).declared }
}
