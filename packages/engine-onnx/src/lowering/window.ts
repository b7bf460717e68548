import type { DType, Shape, SymbolicTensor, TensorData } from '@convkit/graph'
import { type Layout, physicalShape } from '../layout.js'
import type { Context } from './context.js'
import type { LoweringsFor } from './lowering.js'

/** Ops that take or give a part of a tensor's axes. */
export const windowLowerings: LoweringsFor<'concat' | 'slice' | 'sliceGradient' | 'pad'> = {
  concat: (context, { inputs, outputs: [y], attributes: { axis } }) => {
    const { graph } = context
    const layouts = inputs.map((part) =>
      workingLayout(
        context,
        part,
        inputs.map(({ shape }) => shape[3] ?? 0),
      ),
    )
    const layout = layouts.find((candidate) => candidate !== 'logical') ?? 'logical'
    const memory = memoryOf(context, layout, y.shape)
    const parts = inputs.map((part) => graph.reshape(context.get(part, layout), memory.sizes(part.shape)))
    const joined = graph.add('Concat', parts, { axis: memory.axes.indexOf(axis) })
    context.set(y, layout, graph.reshape(joined, memory.declared))
  },

  slice: (context, { inputs: [x], outputs: [y], attributes: { starts, sizes, strides } }) => {
    const { graph } = context
    const layout = workingLayout(context, x, [starts[3] ?? 0, sizes[3] ?? 0], strides[3])
    const memory = memoryOf(context, layout, x.shape)
    const [from, counts, steps] = [memory.starts(starts), memory.sizes(sizes), memory.steps(strides)]
    const to = from.map((start, axis) => start + (counts[axis]! - 1) * steps[axis]! + 1)
    const [begin, end, stride] = [from, to, steps].map((values) => graph.integers(values))
    const axes = graph.integers(memory.axes.map((_, axis) => axis))
    const whole = graph.reshape(context.get(x, layout), memory.sizes(x.shape))
    const part = graph.add('Slice', [whole, begin!, end!, axes, stride!])
    graph.declare(part, counts)
    context.set(y, layout, graph.reshape(part, context.arrange(layout, y.shape).declared))
  },

  sliceGradient: (context, { inputs: [dy], outputs: [dx], attributes: { starts, strides } }) => {
    const { graph } = context
    const layout = workingLayout(
      context,
      dy,
      [starts[3] ?? 0, dy.shape[3] ?? 0, dx.shape[3] ?? 0],
      strides[3],
    )
    const memory = memoryOf(context, layout, dx.shape)
    const [before, sizes, steps] = [memory.starts(starts), memory.sizes(dy.shape), memory.steps(strides)]
    const spaced = spacedOut(context, graph.reshape(context.get(dy, layout), sizes), sizes, steps)
    // Negative where the last step leads out of the tensor.
    const after = memory
      .sizes(dx.shape)
      .map((size, axis) => size - before[axis]! - sizes[axis]! * steps[axis]!)
    const padded = graph.add('Pad', [spaced, graph.integers([...before, ...after])])
    context.set(dx, layout, graph.reshape(padded, memory.declared))
  },

  pad: (context, { inputs: [x], outputs: [y], attributes: { before, after, value } }) => {
    const { graph } = context
    const layout = workingLayout(context, x, [before[3] ?? 0, after[3] ?? 0])
    const memory = memoryOf(context, layout, y.shape)
    const pads = graph.integers([...memory.starts(before), ...memory.starts(after)])
    const filler = graph.constant(scalar(value, x.dtype))
    const padded = graph.add('Pad', [
      graph.reshape(context.get(x, layout), memory.sizes(x.shape)),
      pads,
      filler,
    ])
    context.set(y, layout, graph.reshape(padded, memory.declared))
  },
}

/** The tensor's own layout, or if blocks would be cut where these numbers of channels are, channels-first. */
function workingLayout(context: Context, x: SymbolicTensor, channels: readonly number[], stride = 1): Layout {
  const layout = context.layoutOf(x)
  if (layout === 'channels-first' || layout === 'logical') return layout
  if (layout !== 'blocked') return 'logical'
  return stride === 1 && channels.every((count) => count % context.block === 0) ? 'blocked' : 'channels-first'
}

/** Numbers for a tensor's logical axes as numbers for the axes of its memory. */
function memoryOf(context: Context, layout: Layout, shape: Shape) {
  const { axes, declared } = context.arrange(layout, shape)
  const isBlock = (position: number) => axes.indexOf(axes[position]!) !== position
  const isSplit = (position: number) => axes.lastIndexOf(axes[position]!) !== position
  const inMemory = (values: readonly number[], ofBlock: number, unit: number) =>
    axes.map((axis, position) =>
      isBlock(position) ? ofBlock : isSplit(position) ? values[axis]! / unit : values[axis]!,
    )
  return {
    axes,
    declared,
    sizes: (values: readonly number[]) => physicalShape(context.arrange(layout, values)),
    starts: (values: readonly number[]) => inMemory(values, 0, context.block),
    steps: (values: readonly number[]) => inMemory(values, 1, 1),
  }
}

/** Puts `step − 1` zeros after each element of an axis. */
function spacedOut({ graph }: Context, x: string, sizes: Shape, steps: readonly number[]): string {
  if (steps.every((step) => step === 1)) return x
  const columns = sizes.flatMap((size) => [size, 1])
  const after = steps.flatMap((step) => [0, step - 1])
  const pads = graph.integers([...columns.map(() => 0), ...after])
  const spaced = graph.add('Pad', [graph.reshape(x, columns), pads])
  const shape = sizes.map((size, axis) => size * steps[axis]!)
  return graph.reshape(spaced, shape)
}

function scalar(value: number, dtype: DType): TensorData {
  if (dtype === 'float32') return { dtype, shape: [], data: Float32Array.of(value) }
  if (dtype === 'int32') return { dtype, shape: [], data: Int32Array.of(value) }
  return { dtype, shape: [], data: Uint8Array.of(value) }
}
