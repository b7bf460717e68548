import type { Shape } from '@convkit/graph'

/**
 * Orders in which a tensor's values can lie in memory: `logical` is row-major as the graph has them, and `filter` is
 * `[kh, kw, in, out]` for what the graph has as `[out, in, kh, kw]`: the order in which TensorFlow's convolutions take
 * filters and give their gradients.
 */
export type Layout = 'logical' | 'filter'

export const toFilterOrder = [2, 3, 1, 0] as const
export const fromFilterOrder = [3, 2, 0, 1] as const

/**
 * The layout in which state is kept. Whatever has four axes is a filter, or is computed with one element by element,
 * as an optimizer's slots are: so a training step moves no filter.
 */
export function stateLayout(shape: Shape): Layout {
  return shape.length === 4 ? 'filter' : 'logical'
}

/** The sizes in memory's order. */
export function physicalShape(shape: Shape, layout: Layout): Shape {
  return layout === 'filter' ? toFilterOrder.map((axis) => shape[axis] as number) : shape
}
