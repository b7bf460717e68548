import { type AnyNode, type Shape, type SymbolicTensor, sameShape, sizeOf } from '@convkit/graph'
import type { GraphBuilder } from '../saved-model/graph-builder.js'
import type { Attributes } from '../saved-model/node.js'
import type { TensorFlowOp } from '../saved-model/ops.js'
import { fromFilterOrder, type Layout, toFilterOrder } from './layout.js'

/** The values that come into the TensorFlow graph, by the names that the program has for them. */
export interface Sources {
  input(name: string): string
  /** The value of state, in the layout that it is kept in. */
  state(name: string): string
}

/** Where the values of graph tensors are in the TensorFlow graph. */
export interface Context extends Sources {
  readonly graph: GraphBuilder
  /** The name of a tensor's value in a layout; by default as the graph has it. */
  get(tensor: SymbolicTensor, layout?: Layout): string
  /** Says that `name` is a tensor's value in a layout; by default as the graph has it. */
  set(tensor: SymbolicTensor, name: string, layout?: Layout): void
  /** The layout that a tensor's value was made in. */
  layoutOf(tensor: SymbolicTensor): Layout
  /** Makes `tensor` another name for the value of `source`, which has its shape. */
  alias(tensor: SymbolicTensor, source: SymbolicTensor): void
  /** Operands of an elementwise op in one layout, that of those which have the result's shape. */
  align(operands: readonly SymbolicTensor[], output: SymbolicTensor): AlignedOperands
  /** A product of two factors, of the precision that the engine was asked for; `others` are not cast. */
  product(op: TensorFlowOp, factors: readonly [string, string], options?: ProductOptions): string
  /** What the kernel of a node keeps for that of its gradient. */
  readonly reserved: Map<AnyNode, readonly string[]>
}

export interface AlignedOperands {
  readonly names: readonly string[]
  readonly layout: Layout
}

export interface ProductOptions {
  readonly attributes?: Attributes
  /** Where the op's list of inputs has a shape, which is none of the factors. */
  readonly shape?: { readonly at: number; readonly name: string }
  /** Compute it in float32 whatever was asked for; false by default. */
  readonly isExact?: boolean
}

/**
 * How products are computed: in float32; in bfloat16, to which factors are cast, and products back; or in float32 of factors
 * that are rounded to bfloat16.
 */
export type Products = 'float32' | 'bfloat16' | 'rounded to bfloat16'

export interface ContextOptions {
  readonly products: Products
}

export function createContext(graph: GraphBuilder, sources: Sources, { products }: ContextOptions): Context {
  const values = new Map<SymbolicTensor, Map<Layout, string>>()

  const valuesOf = (tensor: SymbolicTensor): Map<Layout, string> => {
    const known = values.get(tensor)
    if (!known) throw new Error(`${tensor.node.op} at ${tensor.node.scope} is not lowered yet`)
    return known
  }
  const layoutOf = (tensor: SymbolicTensor) => valuesOf(tensor).keys().next().value as Layout

  const get: Context['get'] = (tensor, layout = 'logical') => {
    const known = valuesOf(tensor)
    const existing = known.get(layout)
    if (existing !== undefined) return existing
    const source = known.get(layoutOf(tensor)) as string
    const converted = graph.transpose(source, layout === 'filter' ? toFilterOrder : fromFilterOrder)
    known.set(layout, converted)
    return converted
  }

  /** An operand that broadcasts beside filters. */
  const spread = (operand: SymbolicTensor): string => {
    if (sizeOf(operand.shape) === 1) return graph.reshape(get(operand), [])
    const shape: Shape = [...Array<number>(4 - operand.shape.length).fill(1), ...operand.shape]
    const value = sameShape(shape, operand.shape) ? get(operand) : graph.reshape(get(operand), shape)
    return graph.transpose(value, toFilterOrder)
  }

  const factor = (name: string): string => {
    if (products === 'float32') return name
    const short = graph.cast(name, 'bfloat16')
    return products === 'bfloat16' ? short : graph.cast(short, 'float32')
  }

  return {
    ...sources,
    graph,
    get,
    layoutOf,
    reserved: new Map(),
    set(tensor, name, layout = 'logical') {
      const known = values.get(tensor) ?? new Map<Layout, string>()
      values.set(tensor, known.set(layout, name))
    },
    alias: (tensor, source) => void values.set(tensor, valuesOf(source)),
    align(operands, output) {
      const isFull = ({ shape }: SymbolicTensor) => sameShape(shape, output.shape)
      const full = operands.filter(isFull)
      const layout = full.some((operand) => layoutOf(operand) === 'filter') ? 'filter' : 'logical'
      const names = operands.map((operand) =>
        layout === 'logical' || isFull(operand) ? get(operand, layout) : spread(operand),
      )
      return { names, layout }
    },
    product(op, factors, { attributes = {}, shape, isExact = false } = {}) {
      const inputs = isExact ? [...factors] : factors.map(factor)
      if (shape) inputs.splice(shape.at, 0, shape.name)
      return graph.cast(graph.add(op, inputs, attributes), 'float32')
    },
  }
}
