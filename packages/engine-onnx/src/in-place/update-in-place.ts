import { type Shape, sameShape, sizeOf } from '@convkit/graph'
import { isBlockedConvolution } from '../fusion/is-blocked-convolution.js'
import type { OnnxGraph } from '../onnx/graph-builder.js'
import type { OnnxNode } from '../onnx/node.js'
import { type Ancestry, ancestry, inOrder } from './ancestry.js'

/** Tensors of fewer values keep two places: what orders their nodes would cost more than it saves. */
const manyValues = 2 ** 14

/** A tensor of state as the graph has it. */
export interface Update {
  /** The input that takes the old value; undefined where nothing reads it. */
  readonly input: string | undefined
  readonly output: string
}

export interface UpdatedInPlace {
  readonly graph: OnnxGraph
  /** Outputs that may be written where their input lies. */
  readonly inPlace: ReadonlySet<string>
}

/**
 * Lets new values of state be written over the old ones: a node that writes one goes element by element, and every
 * other node that reads the old value is made to run before it. So state needs no second place.
 */
export function updateInPlace(graph: OnnxGraph, updates: readonly Update[]): UpdatedInPlace {
  const sizes = new Map(graph.outputs.map(({ name, shape }) => [name, sizeOf(shape)]))
  const large = updates.filter(({ output }) => (sizes.get(output) ?? 0) >= manyValues)
  const order = ancestry(graph.nodes)
  const writers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const waits = new Map<OnnxNode, Wait>()
  const inPlace = new Set<string>()
  for (const { input, output } of large) {
    const writer = writers.get(output)
    const wait = writer && waitOf(graph, order, input, writer)
    if (!wait) continue
    for (const reader of wait.readers) order.put(reader, writer)
    if (wait.readers.length > 0) waits.set(writer, wait)
    inPlace.add(output)
  }
  return { graph: withWaits(graph, waits), inPlace }
}

/** What a node must wait for before it overwrites what they read. */
interface Wait {
  readonly readers: readonly OnnxNode[]
  /** Which of the node's operands is made to come after them. */
  readonly operand: number
}

/** Undefined where a node must not write over a value. */
function waitOf(
  graph: OnnxGraph,
  order: Ancestry,
  input: string | undefined,
  writer: OnnxNode,
): Wait | undefined {
  const views = viewsOf(graph, input)
  const isView = (name: string) => views.has(name)
  if (graph.outputs.some(({ name }) => isView(name))) return undefined
  const readers = graph.nodes.filter((node) => node.op !== 'Reshape' && node.inputs.some(isView))
  if (readers.includes(writer) && !overwrites(writer, isView, graph.shapes)) return undefined
  const others = readers.filter((reader) => reader !== writer)
  if (others.some((reader) => order.precedes(writer, reader))) return undefined
  const unordered = others.filter((reader) => !order.precedes(reader, writer))
  const operand = writer.inputs.findLastIndex(
    (name) => name !== '' && !isView(name) && graph.shapes.has(name),
  )
  return unordered.length === 0 || operand >= 0 ? { readers: unordered, operand } : undefined
}

/** A value and its reshaped forms, which share its memory. */
function viewsOf({ nodes }: OnnxGraph, input: string | undefined): ReadonlySet<string> {
  const names = new Set(input === undefined ? [] : [input])
  for (const { op, inputs, outputs } of nodes)
    if (op === 'Reshape' && names.has(inputs[0] as string)) names.add(outputs[0] as string)
  return names
}

const elementwise: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div'])

/** Whether a node can write over what it reads: an elementwise operand, or what a product or a convolution is added to. */
function overwrites(node: OnnxNode, isView: (name: string) => boolean, shapes: OnnxGraph['shapes']): boolean {
  const { op, inputs, outputs } = node
  if (op === 'Gemm') return !inputs.slice(0, 2).some(isView)
  if (isBlockedConvolution(node)) return !inputs.slice(0, 3).some(isView)
  const shape = shapes.get(outputs[0] as string)
  const isWhole = (name: string) => shape !== undefined && sameShape(shapes.get(name) ?? [-1], shape)
  return elementwise.has(op) && inputs.every((name) => !isView(name) || isWhole(name))
}

/** Makes nodes wait: to the shape that an operand is given, each result to wait for adds nothing of its own. */
function withWaits(graph: OnnxGraph, waits: ReadonlyMap<OnnxNode, Wait>): OnnxGraph {
  const initializers = new Map(graph.initializers)
  const nodes = graph.nodes.flatMap((node) => {
    const wait = waits.get(node)
    if (!wait) return [node]
    const operand = node.inputs[wait.operand] as string
    const shape = graph.shapes.get(operand) as Shape
    const name = `${node.outputs[0]}.wait`
    const whole = `${name}.shape`
    initializers.set(whole, {
      dtype: 'int64',
      shape: [shape.length],
      data: BigInt64Array.from(shape, BigInt),
    })
    const nothing = wait.readers.map(({ outputs: [result = ''] }, i) =>
      plain('Shape', [result], `${name}.${i}`, { start: 0, end: 0 }),
    )
    const parts = [whole, ...nothing.flatMap(({ outputs }) => outputs)]
    return [
      ...nothing,
      plain('Concat', parts, `${name}.parts`, { axis: 0 }),
      plain('Reshape', [operand, `${name}.parts`], name),
      { ...node, inputs: node.inputs.with(wait.operand, name) },
    ]
  })
  return { ...graph, nodes: inOrder(nodes), initializers }
}

const plain = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({ op, domain: '', inputs, outputs: [output], attributes })
