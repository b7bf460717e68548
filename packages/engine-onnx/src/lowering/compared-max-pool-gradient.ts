import { explicitPadding, type Padding2d, type SymbolicTensor } from '@convkit/graph'
import type { Context } from './context.js'
import type { Lowering } from './lowering.js'
import { type Shift, spreadTaps, takeByTaps } from './spread-taps.js'

/** What stands for −∞ around the image. */
const lowest = -3e38

/**
 * The gradient tap by tap, for a runtime that does not say where the maxima were: each value that a tap read is compared
 * with its window's maximum.
 */
export const comparedMaxPoolGradient: Lowering<'maxPool2dGradient'> = (context, node) => {
  const {
    inputs: [x, y, dy],
    outputs: [dx],
    attributes: { size, strides },
  } = node
  const { graph } = context
  const [, oh, ow] = y.shape as [number, number, number, number]
  const padding = explicitPadding(node.attributes, x.shape, y.shape)
  const image = padded(context, x, padding)
  const maxima = context.get(y, 'channels-first')

  const taken = takeByTaps(context, context.get(dy, 'channels-first'), size, (from) => {
    const to = [from[0] + (oh - 1) * strides[0] + 1, from[1] + (ow - 1) * strides[1] + 1]
    const read = graph.add('Slice', [image, ...[from, to, [2, 3], strides].map(graph.integers)])
    return graph.add('Cast', [graph.add('Equal', [read, maxima])], { to: 1 })
  })
  const plain = { graph, block: 1 }
  const gradient = spreadTaps(plain, taken, [x, y], { size, strides, padding }, shifted(context))
  context.set(dx, 'channels-first', gradient)
}

function padded(context: Context, x: SymbolicTensor, [top, bottom, left, right]: Padding2d): string {
  const { graph } = context
  const image = context.get(x, 'channels-first')
  if (top + bottom + left + right === 0) return image
  const pads = graph.integers([0, 0, top, left, 0, 0, bottom, right])
  return graph.add('Pad', [image, pads, graph.number(lowest)])
}

const shifted =
  ({ graph }: Context) =>
  (map: string, { shape, offsets: [row, column], lengths }: Shift, sum: string | undefined): string => {
    const [, oh, ow] = shape as [number, number, number, number]
    const pads = [0, 0, -row, -column, 0, 0, lengths[0] - oh + row, lengths[1] - ow + column]
    // Negative where the map is cut.
    const moved = pads.every((pad) => pad === 0) ? map : graph.add('Pad', [map, graph.integers(pads)])
    return sum === undefined ? moved : graph.add('Add', [sum, moved])
  }
