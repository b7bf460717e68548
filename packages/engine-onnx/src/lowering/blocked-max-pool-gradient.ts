import { explicitPadding, type Padding2d, type Pair, type SymbolicTensor } from '@convkit/graph'
import { addBlockedConvolution, oneTap } from './blocked-convolution.js'
import type { Context } from './context.js'
import type { Lowering } from './lowering.js'
import { type Shift, spreadTaps, takeByTaps } from './spread-taps.js'

/** So steep that values which differ, even by rounding, are far apart; and far from overflow for values below 2⁴⁷. */
const steep = 2 ** 80
/** What stands for −∞ around the image. */
const lowest = -(2 ** 40)

/**
 * The gradient in the blocked layout, tap by tap: a depthwise convolution that reads one tap tells where its value is
 * the window's maximum, `hardSigmoid(steep · (x − y))` being 1 there and 0 elsewhere.
 */
export const blockedMaxPoolGradient: Lowering<'maxPool2dGradient'> = (context, node) => {
  const {
    inputs: [x, y, dy],
    outputs: [dx],
    attributes: { size, strides },
  } = node
  const { graph } = context
  const [, , , channels] = x.shape as [number, number, number, number]
  const padding = explicitPadding(node.attributes, x.shape, y.shape)
  const image = padded(context, x, padding)
  const convolution = { strides: [1, 1], dilations: [1, 1], padding: [0, 0, 0, 0], groups: channels } as const
  const negated = addBlockedConvolution(
    graph,
    [context.get(y, 'blocked'), graph.number(-steep, [channels, 1, 1, 1])],
    { ...convolution, kernel: [1, 1] },
  )

  const taken = takeByTaps(context, context.get(dy, 'blocked'), size, (tap) =>
    addBlockedConvolution(graph, [image, oneTap(context, channels, size, tap, steep)], {
      ...convolution,
      kernel: size,
      strides,
      sum: negated,
      activation: ['HardSigmoid', 1, 1],
    }),
  )
  const windows = { size, strides, padding }
  context.set(dx, 'blocked', spreadTaps(context, taken, [x, y], windows, shifted(context)))
}

/** The blocked image with the lowest value around it. */
function padded(context: Context, x: SymbolicTensor, [top, bottom, left, right]: Padding2d): string {
  const { graph, block } = context
  const [n, h, w, c] = x.shape as [number, number, number, number]
  const image = context.get(x, 'blocked')
  if (top + bottom + left + right === 0) return image
  const pads = graph.integers([0, top, left, 0, 0, bottom, right, 0])
  const planes = (n * c) / block
  const surrounded = graph.add('Pad', [
    graph.reshape(image, [planes, h, w, block]),
    pads,
    graph.number(lowest),
  ])
  return graph.reshape(surrounded, [n, c, h + top + bottom, w + left + right])
}

/** A blocked map, moved by a depthwise convolution that reads one tap. */
const shifted =
  (context: Context) =>
  (map: string, { shape, offsets: [row, column], lengths }: Shift, sum: string | undefined): string => {
    const [, oh, ow, channels] = shape as [number, number, number, number]
    const isInPlace = row === 0 && column === 0 && lengths[0] === oh && lengths[1] === ow
    if (isInPlace) return sum === undefined ? map : context.graph.add('Add', [sum, map])
    const at: Pair = [Math.max(row, 0), Math.max(column, 0)]
    const kernel: Pair = [at[0] + 1, at[1] + 1]
    return addBlockedConvolution(context.graph, [map, oneTap(context, channels, kernel, at, 1)], {
      kernel,
      strides: [1, 1],
      dilations: [1, 1],
      padding: [Math.max(-row, 0), lengths[0] - oh + row, Math.max(-column, 0), lengths[1] - ow + column],
      groups: channels,
      sum,
    })
  }
