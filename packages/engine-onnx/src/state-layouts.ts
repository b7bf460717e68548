import {
  isDenseConvolution,
  type OpName,
  type Program,
  type SymbolicTensor,
  sameShape,
  topologicalOrder,
} from '@convkit/graph'
import { blockedFilterLayout, type Layout } from './layout.js'

/**
 * The layouts that a session keeps state in, where not logical: filters of blocked convolutions in their blocked
 * layout, those of matrix products as matrices, and in the same one whatever is computed with them element by element,
 * such as an optimizer's slots. So a training step moves no filter.
 */
export function stateLayouts({ signatures }: Program, block: number): Map<string, Layout> {
  const layouts = new Map<string, Layout>()
  if (block === 0) return layouts
  const all = Object.values(signatures)
  for (const node of topologicalOrder(
    all.flatMap(({ outputs, updates }) => Object.values({ ...outputs, ...updates })),
  )) {
    if (node.op !== 'conv2d' && node.op !== 'conv2dInputGradient') continue
    const [image, filter] = node.inputs as [SymbolicTensor, SymbolicTensor]
    const { shape } = node.op === 'conv2d' ? image : (node.outputs[0] as SymbolicTensor)
    const layout = isDenseConvolution(shape, filter.shape, node.attributes)
      ? 'matrix-filter'
      : blockedFilterLayout(filter.shape, node.attributes.groups, block)
    if (layout && filter.node.op === 'state') layouts.set(filter.node.attributes.name, layout)
  }
  const families = all.flatMap(({ updates }) =>
    Object.entries(updates).map(([name, tensor]) => [name, ...statesIn(tensor)]),
  )
  for (let changed = true; changed; ) {
    changed = false
    for (const family of families) {
      const layout = family.map((name) => layouts.get(name)).find((found) => found !== undefined)
      for (const name of layout ? family.filter((member) => !layouts.has(member)) : []) {
        layouts.set(name, layout as Layout)
        changed = true
      }
    }
  }
  return layouts
}

const elementwise: ReadonlySet<OpName> = new Set<OpName>([
  'add',
  'subtract',
  'multiply',
  'divide',
  'maximum',
  'minimum',
  'select',
  'sqrt',
  'power',
  'abs',
  'sign',
  'negate',
])

/** State of a tensor's shape from which it is computed element by element. */
function statesIn(tensor: SymbolicTensor): string[] {
  const names = new Set<string>()
  const visited = new Set<SymbolicTensor>()
  const visit = (value: SymbolicTensor) => {
    if (visited.has(value) || !sameShape(value.shape, tensor.shape) || tensor.shape.length !== 4) return
    visited.add(value)
    if (value.node.op === 'state') names.add(value.node.attributes.name)
    if (elementwise.has(value.node.op)) value.node.inputs.forEach(visit)
  }
  visit(tensor)
  return [...names]
}
