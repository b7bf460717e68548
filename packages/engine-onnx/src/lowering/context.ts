import { type Shape, type SymbolicTensor, sameShape, sizeOf } from '@convkit/graph'
import { type Arrangement, arrange, type Layout, physicalShape } from '../layout.js'
import type { GraphBuilder } from '../onnx/graph-builder.js'
import { convert } from './convert.js'

/** The values that come into the ONNX graph, by the names that the program has for them. */
export interface Sources {
  input(name: string, tensor: SymbolicTensor): string
  state(name: string, tensor: SymbolicTensor): string
  /** The layout that the session keeps a tensor of its state in. */
  stateLayout(name: string): Layout
}

/** What runs an ONNX graph: ONNX Runtime's CPU provider, or its WebGPU provider. */
export type Target = 'cpu' | 'webgpu'

/**
 * Where the values of graph tensors are in the ONNX graph. A tensor can be there in several layouts: each is made
 * when a lowering first asks for it.
 */
export interface Context extends Sources {
  readonly graph: GraphBuilder
  /** The CPU's block size, or 0 where the blocked layout is not used. */
  readonly block: number
  readonly target: Target
  arrange(layout: Layout, shape: Shape): Arrangement
  /** The name of a tensor's value in a layout. */
  get(tensor: SymbolicTensor, layout: Layout): string
  /** Says that `name` is a tensor's value in a layout. */
  set(tensor: SymbolicTensor, layout: Layout, name: string): void
  /** The layout that a tensor's value was made in. */
  layoutOf(tensor: SymbolicTensor): Layout
  /** Makes `tensor` another name for the value of `source`, which has its shape. */
  alias(tensor: SymbolicTensor, source: SymbolicTensor): void
  /** Operands of an elementwise op in one layout: by default the one that most suits those that are there. */
  align(operands: readonly SymbolicTensor[], output: SymbolicTensor, layout?: Layout): AlignedOperands
}

/** Operands that broadcast against each other in memory, and what makes of their result a value in a layout. */
export interface AlignedOperands {
  readonly names: readonly string[]
  readonly layout: Layout
  /** From the result's physical shape to the shape that it is declared with. */
  declared(result: string): string
}

/** Of the layouts that operands are in, the earliest one here is taken for all. */
const preference: readonly Layout[] = [
  'matrix-filter',
  'blocked-filter',
  'blocked-outputs-filter',
  'blocked',
  'channels-first',
  'logical',
]

export function createContext(
  graph: GraphBuilder,
  { block, target }: Pick<Context, 'block' | 'target'>,
  sources: Sources,
): Context {
  const values = new Map<SymbolicTensor, Map<Layout, string>>()

  const valuesOf = (tensor: SymbolicTensor): Map<Layout, string> => {
    const known = values.get(tensor)
    if (!known) throw new Error(`${tensor.node.op} at ${tensor.node.scope} is not lowered yet`)
    return known
  }
  const layoutOf = (tensor: SymbolicTensor) => valuesOf(tensor).keys().next().value as Layout
  const arranged = (layout: Layout, shape: Shape) => arrange(layout, shape, block)

  const get: Context['get'] = (tensor, layout) => {
    const known = valuesOf(tensor)
    const existing = known.get(layout)
    if (existing !== undefined) return existing
    const from = layoutOf(tensor)
    const converted = convert(graph, known.get(from) as string, tensor, from, layout, block)
    known.set(layout, converted)
    return converted
  }

  /** An operand that broadcasts, in the physical shape that it has beside operands of `rank` axes. */
  const spread = (operand: SymbolicTensor, layout: Layout, rank: number): string => {
    if (sizeOf(operand.shape) === 1) return graph.reshape(get(operand, 'logical'), [])
    if (layout === 'logical') return get(operand, 'logical')
    const missing = rank - operand.shape.length
    const shape = [...Array<number>(missing).fill(1), ...operand.shape]
    const from = missing === 0 ? layoutOf(operand) : 'logical'
    const value = graph.reshape(get(operand, from), arranged(from, shape).declared)
    const converted = convert(graph, value, { shape, dtype: operand.dtype }, from, layout, block)
    return graph.reshape(converted, physicalShape(arranged(layout, shape)))
  }

  return {
    ...sources,
    graph,
    block,
    target,
    arrange: arranged,
    layoutOf,
    get,
    set(tensor, layout, name) {
      const known = values.get(tensor) ?? new Map<Layout, string>()
      values.set(tensor, known.set(layout, name))
      graph.declare(name, arranged(layout, tensor.shape).declared)
    },
    alias: (tensor, source) => void values.set(tensor, valuesOf(source)),
    align(operands, output, asked) {
      const isFull = ({ shape }: SymbolicTensor) => sameShape(shape, output.shape)
      const present = operands.filter(isFull).map(layoutOf)
      const layout = asked ?? preference.find((candidate) => present.includes(candidate)) ?? 'logical'
      const arrangement = arranged(layout, output.shape)
      const shape = workingShape(
        operands.map((operand) => operand.shape),
        output.shape,
        arrangement,
      )
      return {
        names: operands.map((operand) =>
          isFull(operand)
            ? graph.reshape(get(operand, layout), shape)
            : spread(operand, layout, output.shape.length),
        ),
        layout,
        declared(result) {
          graph.declare(result, shape)
          return graph.reshape(result, arrangement.declared)
        },
      }
    },
  }
}

/** The shape in which an elementwise op takes the operands that have its result's shape. */
function workingShape(operands: readonly Shape[], output: Shape, arrangement: Arrangement): Shape {
  const isFull = (shape: Shape) => sameShape(shape, output)
  if (!operands.every((shape) => isFull(shape) || sizeOf(shape) === 1)) return physicalShape(arrangement)
  // Beside a scalar, axes of size 1 at the end would be gone through one element at a time.
  const isSlow = !operands.every(isFull) && arrangement.declared.at(-1) === 1
  return isSlow ? [sizeOf(output)] : arrangement.declared
}
