import type { OnnxGraph } from '../onnx/graph-builder.js'
import type { OnnxNode } from '../onnx/node.js'
import { convolutionActivation } from './convolution-activation.js'
import { convolutionSum } from './convolution-sum.js'
import { gemmSum } from './gemm-sum.js'

/** What a pattern may look at besides the node that it is asked about. */
export interface Surroundings {
  /** The node that makes a value that nothing but the asking node reads. */
  onlyFor(value: string): OnnxNode | undefined
  /** Whether two values are known to have the same shape. */
  haveSameShape(a: string, b: string): boolean
  /** The number that a value always is, where it is one. */
  constantOf(value: string): number | undefined
  /** Where in the order of execution a node is. */
  position(node: OnnxNode): number
}

/** A node that does the work of several: it takes the place of the last, and those that it has absorbed are gone. */
export interface Fused {
  readonly node: OnnxNode
  readonly absorbed: readonly OnnxNode[]
}

/** Finds a node that can be fused with one before it. */
export type Pattern = (node: OnnxNode, surroundings: Surroundings) => Fused | undefined

const patterns: readonly Pattern[] = [gemmSum, convolutionSum, convolutionActivation]

/** Replaces what the patterns find, in order of execution: so what is fused can be fused further. */
export function fuse(graph: OnnxGraph): OnnxGraph {
  const makers = new Map<string, OnnxNode>()
  const readers = new Map<string, number>(graph.outputs.map(({ name }) => [name, 1]))
  for (const { inputs } of graph.nodes)
    for (const name of inputs) readers.set(name, (readers.get(name) ?? 0) + 1)
  const positions = new Map<OnnxNode, number>()
  const surroundings: Surroundings = {
    onlyFor: (value) => (readers.get(value) === 1 ? makers.get(value) : undefined),
    haveSameShape(a, b) {
      const [first, second] = [graph.shapes.get(a), graph.shapes.get(b)]
      return first !== undefined && second !== undefined && first.join() === second.join()
    },
    constantOf(value) {
      const { dtype, data } = graph.initializers.get(value) ?? {}
      return dtype === 'float32' && data?.length === 1 ? data[0] : undefined
    },
    position: (node) => positions.get(node) ?? -1,
  }

  const nodes = new Set<OnnxNode>()
  graph.nodes.forEach((original, position) => {
    let node = original
    for (const pattern of patterns) {
      const fused = pattern(node, surroundings)
      if (!fused) continue
      for (const absorbed of fused.absorbed) nodes.delete(absorbed)
      node = fused.node
    }
    nodes.add(node)
    positions.set(node, position)
    for (const name of node.outputs) makers.set(name, node)
  })
  return { ...graph, nodes: [...nodes] }
}
