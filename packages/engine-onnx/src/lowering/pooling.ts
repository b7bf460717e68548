import {
  type AveragePool2dAttributes,
  explicitPadding,
  type Pool2dAttributes,
  type PoolingOp,
  type Shape,
} from '@convkit/graph'
import type { LoweringsFor } from './lowering.js'
import { maxPoolGradient } from './max-pool-gradient.js'
import { nchwc } from './nchwc.js'
import { poolAttributes } from './pool-padding.js'
import { separableMap, transposed, type Weights } from './separable.js'

export const poolingLowerings: LoweringsFor<PoolingOp> = {
  maxPool2d: (context, { inputs: [x], outputs: [y], attributes }) => {
    const isBlocked = context.layoutOf(x) === 'blocked'
    const [layout, op] = isBlocked
      ? (['blocked', nchwc('MaxPool')] as const)
      : (['channels-first', 'MaxPool'] as const)
    const pool = poolAttributes(attributes, x.shape, y.shape)
    context.set(y, layout, context.graph.add(op, [context.get(x, layout)], pool))
  },
  maxPool2dGradient: maxPoolGradient,

  averagePool2d: (context, { inputs: [x], outputs: [y], attributes }) => {
    // ONNX counts what hangs over the padded border.
    if (attributes.countPadding && hangsOver(attributes, x.shape, y.shape)) {
      return separableMap(context, x, y, ...averages(attributes, x.shape, y.shape))
    }
    const pooled = context.graph.add('AveragePool', [context.get(x, 'channels-first')], {
      ...poolAttributes(attributes, x.shape, y.shape),
      count_include_pad: Number(attributes.countPadding),
    })
    context.set(y, 'channels-first', pooled)
  },
  averagePool2dGradient: (context, { inputs: [dy], outputs: [dx], attributes }) => {
    const [rows, columns] = averages(attributes, dx.shape, dy.shape)
    separableMap(context, dy, dx, transposed(rows), transposed(columns))
  },
}

function hangsOver(attributes: Pool2dAttributes, input: Shape, output: Shape): boolean {
  return explicitPadding(attributes, input, output).some((pixels, side) => pixels > attributes.padding[side]!)
}

/** What each window's average takes of each row, and of each column: a window's divisor is a product of both. */
function averages(attributes: AveragePool2dAttributes, input: Shape, output: Shape): [Weights, Weights] {
  const { size, strides, padding, countPadding } = attributes
  const axis = (at: 0 | 1): Weights =>
    Array.from({ length: output[at + 1]! }, (_, window) => {
      const start = window * strides[at] - padding[2 * at]!
      const length = input[at + 1]!
      const isInside = (position: number) => position >= start && position < start + size[at]
      const counted = countPadding
        ? Math.min(size[at], length + padding[2 * at + 1]! - start)
        : Math.min(start + size[at], length) - Math.max(start, 0)
      return Array.from({ length }, (_, position) => (isInside(position) ? 1 / counted : 0))
    })
  return [axis(0), axis(1)]
}
