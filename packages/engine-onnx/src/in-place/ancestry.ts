import type { OnnxNode } from '../onnx/node.js'

/** The order in which nodes must run. */
export interface Ancestry {
  /** Whether one node runs before another in every order. */
  precedes(first: OnnxNode, second: OnnxNode): boolean
  /** Says that it does, as it will when the second depends on the first. */
  put(first: OnnxNode, second: OnnxNode): void
}

export function ancestry(nodes: readonly OnnxNode[]): Ancestry {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const ids = new Map(nodes.map((node, id) => [node, id]))
  const idOf = (node: OnnxNode) => ids.get(node) as number
  const parents = nodes.map(({ inputs }) => [
    ...new Set(inputs.flatMap((name) => (makers.has(name) ? [idOf(makers.get(name) as OnnxNode)] : []))),
  ])
  // Which search has seen a node last: searches are many, and over large graphs.
  const seen = new Int32Array(nodes.length).fill(-1)
  let searches = 0
  return {
    precedes(first, second) {
      const wanted = idOf(first)
      const search = searches++
      const pending = [idOf(second)]
      for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
        for (const parent of parents[id] as number[]) {
          if (parent === wanted) return true
          if (seen[parent] === search) continue
          seen[parent] = search
          pending.push(parent)
        }
      }
      return false
    },
    put: (first, second) => void parents[idOf(second)]?.push(idOf(first)),
  }
}

/** Nodes in an order in which each comes after what it reads, and else as they were. */
export function inOrder(nodes: readonly OnnxNode[]): OnnxNode[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const done = new Set<OnnxNode>()
  const pending = nodes.toReversed()
  for (let node = pending.at(-1); node; node = pending.at(-1)) {
    const missing = node.inputs.flatMap((name) => {
      const maker = makers.get(name)
      return maker && !done.has(maker) ? [maker] : []
    })
    if (missing.length > 0 && !done.has(node)) {
      pending.push(...missing)
      continue
    }
    done.add(node)
    pending.pop()
  }
  return [...done]
}
