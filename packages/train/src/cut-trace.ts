import { ConvkitError, type Trace } from '@convkit/core'
import {
  type AnyNode,
  concat,
  input,
  reshape,
  rewrite,
  type SymbolicTensor,
  sizeOf,
  slice,
  topologicalOrder,
} from '@convkit/graph'

/**
 * What the trained part of a network takes from its frozen part: values that follow from the image and frozen layers
 * alone, in the order in which they are computed. None where no layer before them is frozen.
 */
export function frozenFrontier(trace: Trace): readonly SymbolicTensor[] {
  const roots = rootsOf(trace)
  const order = topologicalOrder(roots)
  const kinds = new Map<AnyNode, Kind>()
  for (const node of order) kinds.set(node, kindOf(node, trace, kinds))
  const isLive = (node: AnyNode) => kinds.get(node)?.isLive ?? false
  const needed = new Set(roots)
  for (const node of order) if (isLive(node)) for (const tensor of node.inputs) needed.add(tensor)
  const frontier = order
    .filter((node) => !isLive(node) && kinds.get(node)?.ofImage)
    .flatMap(({ outputs }) => outputs.filter((tensor) => needed.has(tensor)))
  const isWorthIt = frontier.some(({ node }) => kinds.get(node)?.ofWeights)
  return isWorthIt && frontier.every(({ dtype }) => dtype === 'float32') ? frontier : []
}

/** The frontier as one tensor: itself where it is one, else `[n, values]`. */
export function joinFrontier(frontier: readonly SymbolicTensor[]): SymbolicTensor {
  const [first] = frontier
  if (frontier.length === 1 && first) return first
  return concat(frontier.map((tensor) => reshape(tensor, [tensor.shape[0] ?? 1, -1])))
}

/**
 * The network behind its frozen part: `image` is what {@link joinFrontier} gives.
 *
 * @throws E_FROZEN when nothing is frozen before what is trained.
 */
export function cutTrace(trace: Trace): Trace {
  const frontier = frozenFrontier(trace)
  if (frontier.length === 0)
    throw new ConvkitError(
      'E_FROZEN',
      'No layer is frozen before those that are trained: leave the cache out',
    )
  const image = input('image', joinFrontier(frontier).shape)
  const parts = new Map(frontier.map((tensor, at) => [tensor, partOf(image, frontier, at)]))
  const replace = (tensors: readonly SymbolicTensor[]) =>
    rewrite(tensors, ({ outputs }) =>
      outputs.some((tensor) => parts.has(tensor))
        ? outputs.map((tensor) => parts.get(tensor) ?? tensor)
        : undefined,
    )
  const { logits, auxiliary, updates, masks } = trace
  const replaced = replace(rootsOf(trace))
  const inputs = new Set(topologicalOrder(replaced))
  const [newLogits, ...others] = replaced
  return {
    ...trace,
    image,
    logits: newLogits ?? logits,
    auxiliary: auxiliary.map(({ weight }, i) => ({ weight, logits: others[i] as SymbolicTensor })),
    updates: new Map(
      [...updates.keys()].map((name, i) => [name, others[auxiliary.length + i] as SymbolicTensor]),
    ),
    masks: new Map([...masks].filter(([, { node }]) => inputs.has(node))),
    features: new Map(),
  }
}

interface Kind {
  /** Whether training changes it, or a mask. */
  readonly isLive: boolean
  readonly ofImage: boolean
  readonly ofWeights: boolean
}

function kindOf(node: AnyNode, { image, isFrozen }: Trace, kinds: ReadonlyMap<AnyNode, Kind>): Kind {
  if (node === image.node) return { isLive: false, ofImage: true, ofWeights: false }
  if (node.op === 'input') return { isLive: true, ofImage: false, ofWeights: false }
  if (node.op === 'state') return { isLive: !isFrozen(node.scope), ofImage: false, ofWeights: true }
  const inputs = node.inputs.map((tensor) => kinds.get(tensor.node) as Kind)
  return {
    isLive: inputs.some(({ isLive }) => isLive),
    ofImage: inputs.some(({ ofImage }) => ofImage),
    ofWeights: inputs.some(({ ofWeights }) => ofWeights),
  }
}

const rootsOf = ({ logits, auxiliary, updates }: Trace) => [
  logits,
  ...auxiliary.map((head) => head.logits),
  ...updates.values(),
]

/** The `at`-th tensor out of the joined ones. */
function partOf(image: SymbolicTensor, frontier: readonly SymbolicTensor[], at: number): SymbolicTensor {
  if (frontier.length === 1) return image
  const [rows = 0] = image.shape
  const widths = frontier.map(({ shape }) => sizeOf(shape) / rows)
  const start = widths.slice(0, at).reduce((sum, width) => sum + width, 0)
  const part = slice(image, [0, start], [rows, widths[at] as number])
  return reshape(part, frontier[at]?.shape ?? [])
}
