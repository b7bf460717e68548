import { type SymbolicTensor, sizeOf } from '@convkit/graph'
import { type Layout, physicalShape } from '../layout.js'
import type { Context } from './context.js'
import type { Lowering } from './lowering.js'

export const broadcastTo: Lowering<'broadcastTo'> = (context, { inputs: [x], outputs: [y] }) => {
  const { graph } = context
  if (sizeOf(x.shape) === 1) {
    // One value everywhere is the same in every layout.
    for (const layout of possibleLayouts(context, y)) {
      const target = graph.integers(context.arrange(layout, y.shape).declared)
      context.set(y, layout, graph.add('Expand', [context.get(x, 'logical'), target]))
    }
    return
  }
  const layout = layoutFor(context, x, y)
  const { names, declared } = context.align([x], y, layout)
  const target = graph.integers(physicalShape(context.arrange(layout, y.shape)))
  context.set(y, layout, declared(graph.add('Expand', [names[0] as string, target])))
}

function possibleLayouts({ block }: Context, { shape }: SymbolicTensor): Layout[] {
  if (shape.length !== 4) return ['logical']
  const isBlocked = (axis: number) => block > 0 && shape[axis]! % block === 0
  return [
    'logical',
    'channels-first',
    ...(isBlocked(3) ? (['blocked'] as const) : []),
    ...(isBlocked(0) ? (['blocked-outputs-filter'] as const) : []),
    ...(isBlocked(0) && isBlocked(1) ? (['blocked-filter'] as const) : []),
    'matrix-filter',
  ]
}

/** One value a channel of an image becomes what images are. */
function layoutFor(context: Context, x: SymbolicTensor, y: SymbolicTensor): Layout {
  if (y.shape.length !== 4) return 'logical'
  const layout = x.shape.length === 4 ? context.layoutOf(x) : 'logical'
  if (layout !== 'logical') return layout
  return context.block > 0 && y.shape[3]! % context.block === 0 ? 'blocked' : 'channels-first'
}
