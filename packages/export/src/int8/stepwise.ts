import type { OnnxGraph, OnnxNode } from '@convkit/engine-onnx'
import type { TensorData } from '@convkit/graph'
import { type Batch, runGraph } from '../onnx/run-graph.js'

/** A run through a graph that halts at values of its choice. */
export interface StepwiseRun {
  /** Goes on to a value, and shows it for each batch. The node that makes it runs again later, as it is then. */
  to(name: string, look: (value: TensorData) => void): Promise<void>
}

/**
 * Runs a graph on batches bit by bit. Held are only values that are read later, those in 8 bits as such. Initializers of
 * nodes that come later may change between two steps.
 */
export function stepwise(graph: OnnxGraph, batches: readonly Batch[]): StepwiseRun {
  let held = batches
  return {
    async to(name, look) {
      const names = [...(held[0]?.keys() ?? [])]
      const part = partFor(graph, name, held[0] ?? new Map())
      const made = part.nodes.flatMap(({ op, outputs }) => (op === 'DequantizeLinear' ? [] : outputs))
      const kept = readFor(graph, new Set([...names, ...made.filter((value) => value !== name)]))
      const runner = await runGraph(part, [name, ...made.filter((value) => kept.has(value))])
      const next: Batch[] = []
      for (const batch of held) {
        const results = await runner.run(batch)
        look(results.get(name) as TensorData)
        next.push(new Map([...batch, ...results].filter(([value]) => kept.has(value))))
      }
      await runner.dispose()
      held = next
    },
  }
}

/** The part of a graph that makes a value of known ones. */
function partFor(graph: OnnxGraph, name: string, known: Batch): OnnxGraph {
  const nodes = nodesFor(graph, [name], new Set(known.keys()))
  const read = new Set(nodes.flatMap(({ inputs }) => inputs))
  const inputs = [...known].map(([input, { dtype, shape }]) => ({ name: input, dtype, shape }))
  return {
    ...graph,
    nodes,
    inputs: inputs.filter((input) => read.has(input.name)),
    initializers: new Map([...graph.initializers].filter(([value]) => read.has(value))),
  }
}

/** Of known values those that the rest of a graph reads. */
function readFor(graph: OnnxGraph, known: ReadonlySet<string>): ReadonlySet<string> {
  const outputs = graph.outputs.map(({ name }) => name)
  const rest = nodesFor(graph, outputs, known)
  return new Set(rest.flatMap(({ inputs }) => inputs).filter((name) => known.has(name)))
}

/** The nodes that make values of known ones, in the graph's order. */
function nodesFor(graph: OnnxGraph, names: readonly string[], known: ReadonlySet<string>): OnnxNode[] {
  const wanted = new Set(names)
  const found = graph.nodes.toReversed().filter(({ inputs, outputs }) => {
    const isWanted = outputs.some((name) => wanted.has(name) && !known.has(name))
    if (isWanted) for (const name of inputs) wanted.add(name)
    return isWanted
  })
  return found.reverse()
}
