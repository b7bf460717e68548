import {
  type BuiltNode,
  isDenseConvolution,
  type Padding2d,
  type Shape,
  type SymbolicTensor,
} from '@convkit/graph'
import { blockedFilterLayout } from '../layout.js'
import type { GraphBuilder } from '../onnx/graph-builder.js'
import { addBlockedConvolution, type BlockedTaps, turnedTaps } from './blocked-convolution.js'
import type { Context } from './context.js'
import { denseInputGradient } from './dense-convolution.js'
import { interleave } from './interleave.js'
import type { Lowering } from './lowering.js'
import { type Phases, type PhaseWindow, phasesOf, phaseWindow } from './phases.js'
import { onnxPads } from './pool-padding.js'

type InputGradient = BuiltNode<'conv2dInputGradient'>

export const convolutionInputGradient: Lowering<'conv2dInputGradient'> = (context, node) => {
  const { inputShape } = node.attributes
  if (isDenseConvolution(inputShape, node.inputs[1].shape, node.attributes))
    return denseInputGradient(context, node)
  const gradient = blockedInputGradient(context, [node])
  if (gradient !== undefined) return context.set(node.outputs[0], 'blocked', gradient)
  context.set(node.outputs[0], 'channels-first', channelsFirstInputGradient(context, node))
}

/**
 * Input gradients of convolutions of one tensor with the same strides, added up: for each phase a convolution with
 * the phase's taps, turned by 180°, input and output channels exchanged.
 *
 * @returns undefined where the blocked kernels cannot do it.
 */
export function blockedInputGradient(context: Context, nodes: readonly InputGradient[]): string | undefined {
  const plans = nodes.map((node) => planOf(context, node))
  if (!plans.every((plan) => plan !== undefined)) return undefined
  const { graph, block } = context
  const [n, h, w, c] = nodes[0]!.outputs[0].shape as [number, number, number, number]
  // Maps of several convolutions are added where they are equally long; those of the same strides are, or are cut to it.
  const [rows, columns] = [plans[0]!.rows.length, plans[0]!.columns.length]
  if (plans.some((plan) => plan.rows.length !== rows || plan.columns.length !== columns)) return undefined
  const map: Shape = [n, c, rows, columns]
  const picks = plans.map(({ node, filterLayout }) => turnedTaps(context, node.inputs[1], filterLayout))
  const maps = plans[0]!.windows.map((_, row) =>
    plans[0]!.windows[row]!.map(
      (_, column) =>
        plans.reduce<string | undefined>((sum, { node, windows }, i) => {
          const window = windows[row]![column]
          return window ? addPhase(context, node, picks[i]!, window, sum) : sum
        }, undefined) ?? graph.add('Expand', [graph.number(0), graph.integers(map)]),
    ),
  )
  return interleave(graph, maps, { block, map, size: [h, w] })
}

type Window2 = readonly [rows: PhaseWindow, columns: PhaseWindow]

interface Plan {
  readonly node: InputGradient
  readonly filterLayout: 'blocked-filter' | 'blocked-outputs-filter'
  readonly rows: Phases
  readonly columns: Phases
  /** For each row phase and column phase the window; undefined where no tap reaches. */
  readonly windows: readonly (readonly (Window2 | undefined)[])[]
}

function planOf({ block }: Context, node: InputGradient): Plan | undefined {
  const {
    inputs: [dy, filter],
    attributes: { strides, dilations, padding, groups, inputShape },
  } = node
  const filterLayout = blockedFilterLayout(filter.shape, groups, block)
  const isDepthwise = groups === inputShape[3] && filterLayout === 'blocked-outputs-filter'
  if (!isDepthwise && (groups > 1 || filterLayout !== 'blocked-filter')) return undefined
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    phasesOf({
      input: inputShape[axis + 1]!,
      output: dy.shape[axis + 1]!,
      kernel: filter.shape[axis + 2]!,
      stride: strides[axis],
      dilation: dilations[axis],
      before: padding[2 * axis]!,
    }),
  ) as [Phases, Phases]
  const windows = rows.taps.map((row) =>
    columns.taps.map((column): Window2 | undefined =>
      row.length > 0 && column.length > 0
        ? [phaseWindow(row, rows, dy.shape[1]!), phaseWindow(column, columns, dy.shape[2]!)]
        : undefined,
    ),
  )
  // A phase that begins inside the gradient would need it cut.
  const isCut = windows.flat().some((window) => window?.some(({ before }) => before < 0))
  return isCut ? undefined : { node, filterLayout, rows, columns, windows }
}

function addPhase(
  context: Context,
  { inputs: [dy, filter], attributes: { groups } }: InputGradient,
  pick: BlockedTaps,
  [rows, columns]: Window2,
  sum: string | undefined,
): string {
  const width = filter.shape[3]!
  const taps = rows.taps.flatMap((row) => columns.taps.map((column) => row * width + column))
  const kernel = [rows.taps.length, columns.taps.length] as const
  return addBlockedConvolution(context.graph, [context.get(dy, 'blocked'), pick(taps, kernel)], {
    kernel,
    strides: [1, 1],
    dilations: [rows.dilation, columns.dilation],
    padding: [rows.before, rows.after, columns.before, columns.after],
    groups,
    sum,
  })
}

/** With stride 1 a convolution with the turned filter, else a transposed convolution. */
function channelsFirstInputGradient(context: Context, node: InputGradient): string {
  const {
    inputs: [dy, filter],
    attributes: { strides, dilations, groups, padding, inputShape },
  } = node
  const { graph } = context
  const kernel = filter.shape.slice(2)
  // How far a window reaches beyond its first element, along each axis.
  const [reachH = 0, reachW = 0] = kernel.map((size, axis) => (dilations[axis] ?? 1) * (size - 1))
  const [top, bottom, left, right] = padding
  const [, h = 0, w = 0] = inputShape
  const [, oh = 0, ow = 0] = dy.shape
  const operands = [context.get(dy, 'channels-first'), context.get(filter, 'logical')] as const
  const turnedPadding: Padding2d = [reachH - top, h - oh + top, reachW - left, w - ow + left]

  if (strides.every((stride) => stride === 1) && Math.min(...turnedPadding) >= 0) {
    const turned = turnedFilter(graph, operands[1], filter, groups)
    const pads = onnxPads(turnedPadding)
    return graph.add('Conv', [operands[0], turned], { kernel_shape: kernel, dilations, group: groups, pads })
  }
  return graph.add('ConvTranspose', operands, {
    kernel_shape: kernel,
    strides,
    dilations,
    group: groups,
    pads: onnxPads(padding),
    // Rows and columns at the end that no window reached.
    output_padding: [
      h - ((oh - 1) * strides[0] + reachH + 1 - top - bottom),
      w - ((ow - 1) * strides[1] + reachW + 1 - left - right),
    ],
  })
}

/** `[o, c / groups, kh, kw]` → `[c, o / groups, kh, kw]`, rows and columns reversed. */
function turnedFilter(graph: GraphBuilder, name: string, filter: SymbolicTensor, groups: number): string {
  const [o, i, kh, kw] = filter.shape as [number, number, number, number]
  const grouped: Shape = [groups, o / groups, i, kh, kw]
  const exchanged = graph.transpose(graph.reshape(name, grouped), grouped, [0, 2, 1, 3, 4])
  const turned = graph.reshape(exchanged, [i * groups, o / groups, kh, kw])
  if (kh * kw === 1) return turned
  const backwards = graph.integers([-1, -1])
  const ends = graph.integers([-1 - kh, -1 - kw])
  return graph.add('Slice', [turned, backwards, ends, graph.integers([2, 3]), backwards])
}
