import { explicitPadding, type Padding2d, type Pair, type SymbolicTensor } from '@convkit/graph'
import { addBlockedConvolution, oneTap } from './blocked-convolution.js'
import type { Context } from './context.js'
import { interleave } from './interleave.js'
import type { Lowering } from './lowering.js'
import { type Phases, phasesOf, type Tap } from './phases.js'

/** So steep that values which differ, even by rounding, are far apart; and far from overflow for values below 2⁴⁷. */
const steep = 2 ** 80
/** What stands for −∞ around the image. */
const lowest = -(2 ** 40)

/**
 * The gradient in the blocked layout, tap by tap: a depthwise convolution that reads one tap tells where its value is
 * the window's maximum, `hardSigmoid(steep · (x − y))` being 1 there and 0 elsewhere. The first such tap takes the
 * window's gradient, and nothing of it is left for the others.
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

  let rest = context.get(dy, 'blocked')
  const taken = Array.from({ length: size[0] * size[1] }, (_, tap) => {
    const at: Pair = [Math.floor(tap / size[1]), tap % size[1]]
    const isMaximum = addBlockedConvolution(graph, [image, oneTap(context, channels, size, at, steep)], {
      ...convolution,
      kernel: size,
      strides,
      sum: negated,
      activation: ['HardSigmoid', 1, 1],
    })
    const mine = graph.add('Mul', [rest, isMaximum])
    rest = graph.add('Sub', [rest, mine])
    return mine
  })
  context.set(dx, 'blocked', spread(context, taken, x, y, { size, strides, padding }))
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

interface Windows {
  readonly size: Pair
  readonly strides: Pair
  readonly padding: Padding2d
}

/** Adds what each tap took to the positions that it read. */
function spread(
  context: Context,
  taken: readonly string[],
  x: SymbolicTensor,
  y: SymbolicTensor,
  { size, strides, padding }: Windows,
): string {
  const [n, h, w, c] = x.shape as [number, number, number, number]
  const axis = (at: 0 | 1): Phases => {
    const [input, output] = [x.shape[at + 1]!, y.shape[at + 1]!]
    const window = {
      input,
      output,
      kernel: size[at],
      stride: strides[at],
      dilation: 1,
      before: padding[2 * at]!,
    }
    const phases = phasesOf(window)
    const first = Math.min(...phases.taps.flat().map(({ offset }) => offset))
    return { ...phases, length: Math.max(phases.length, output - first) }
  }
  const [rows, columns] = [axis(0), axis(1)]
  const map = [n, c, rows.length, columns.length]
  const outputs: Pair = [y.shape[1]!, y.shape[2]!]
  const maps = rows.taps.map((rowTaps) =>
    columns.taps.map((columnTaps) => {
      const terms = rowTaps.flatMap((row) => columnTaps.map((column) => ({ row, column })))
      const sum = terms.reduce<string | undefined>((total, { row, column }) => {
        const value = taken[row.tap * size[1] + column.tap] as string
        return shifted(context, value, c, [row, column], [rows.length, columns.length], outputs, total)
      }, undefined)
      return sum ?? context.graph.add('Expand', [context.graph.number(0), context.graph.integers(map)])
    }),
  )
  return interleave(context.graph, maps, { block: context.block, map, size: [h, w] })
}

/** A map of `lengths` whose value at q is that of x at `q + offset`, 0 beyond x, added to `sum`. */
function shifted(
  context: Context,
  x: string,
  channels: number,
  taps: readonly [Tap, Tap],
  lengths: Pair,
  outputs: Pair,
  sum: string | undefined,
): string {
  const [row, column] = taps.map(({ offset }) => offset) as [number, number]
  const isInPlace = row === 0 && column === 0 && lengths[0] === outputs[0] && lengths[1] === outputs[1]
  if (isInPlace) return sum === undefined ? x : context.graph.add('Add', [sum, x])
  const at: Pair = [Math.max(row, 0), Math.max(column, 0)]
  const kernel: Pair = [at[0] + 1, at[1] + 1]
  return addBlockedConvolution(context.graph, [x, oneTap(context, channels, kernel, at, 1)], {
    kernel,
    strides: [1, 1],
    dilations: [1, 1],
    padding: [
      Math.max(-row, 0),
      lengths[0] - outputs[0] + row,
      Math.max(-column, 0),
      lengths[1] - outputs[1] + column,
    ],
    groups: channels,
    sum,
  })
}
