import { type SymbolicTensor, sizeOf } from '@convkit/graph'
import { float } from '../onnx/node.js'
import { addBlockedConvolution } from './blocked-convolution.js'
import type { Context } from './context.js'
import { longestRun } from './longest-run.js'
import { nchwc } from './nchwc.js'

/**
 * Passes over all values of tensors `[..., c]` that treat channels alone: what batch normalisation consists of.
 * Values are named; vectors are `[c]`.
 */
export interface Channels {
  readonly channels: number
  /** How many values a channel has. */
  readonly count: number
  /** A tensor's value, as these passes take it. */
  get(tensor: SymbolicTensor): string
  set(tensor: SymbolicTensor, name: string): void
  mean(x: string): string
  /** Σ a · b */
  dot(a: string, b: string): string
  /** x · scale + offset */
  scaleShift(x: string, scale: string, offset: string): string
}

/** Passes over tensors of the shape of x, in the layout of x. */
export function channelsOf(context: Context, x: SymbolicTensor): Channels {
  return x.shape.length === 4 && context.layoutOf(x) === 'blocked'
    ? blockedChannels(context, x)
    : channelsFirst(context, x)
}

/** The same, in a layout that ONNX's own ops take. */
export function channelsFirst(context: Context, x: SymbolicTensor): Channels {
  const { graph } = context
  const channels = x.shape.at(-1) ?? 1
  const count = sizeOf(x.shape) / channels
  const isImage = x.shape.length === 4
  const images = isImage ? (x.shape[0] as number) : count
  const reduce = (op: 'ReduceSum' | 'ReduceMean', value: string, axes: readonly number[]) =>
    graph.add(op, [value, graph.integers(axes)], { keepdims: 0 })
  // WebGPU's kernel reduces many short runs faster than few long ones, and memory's last axis fastest.
  const overChannels = (op: 'ReduceSum' | 'ReduceMean', value: string) =>
    context.target === 'webgpu'
      ? reduce(op, reduce(op, graph.reshape(value, [images, channels, count / images]), [2]), [0])
      : reduce(op, value, [0, 2, 3])
  const ones = graph.number(1, [channels])
  const zeros = graph.number(0, [channels])
  return {
    channels,
    count,
    get: (tensor) =>
      isImage
        ? context.get(tensor, 'channels-first')
        : graph.reshape(context.get(tensor, 'logical'), [count, channels, 1, 1]),
    set: (tensor, name) =>
      isImage
        ? context.set(tensor, 'channels-first', name)
        : context.set(tensor, 'logical', graph.reshape(name, tensor.shape)),
    mean: (value) => overChannels('ReduceMean', value),
    dot: (a, b) => overChannels('ReduceSum', graph.add('Mul', [a, b])),
    // With a mean of 0 and a variance of 1 this op is the fastest scaling by channel that there is.
    scaleShift: (value, scale, offset) =>
      graph.add('BatchNormalization', [value, scale, offset, zeros, ones], { epsilon: float(0) }),
  }
}

function blockedChannels(context: Context, x: SymbolicTensor): Channels {
  const { graph, block } = context
  const [n, h, w, channels] = x.shape as [number, number, number, number]
  const convolution = { strides: [1, 1], dilations: [1, 1], padding: [0, 0, 0, 0] } as const
  return {
    channels,
    count: n * h * w,
    get: (tensor) => context.get(tensor, 'blocked'),
    set: (tensor, name) => context.set(tensor, 'blocked', name),
    mean(value) {
      const means = graph.reshape(graph.add(nchwc('GlobalAveragePool'), [value]), [n, channels])
      return graph.add('ReduceMean', [means, graph.integers([0])], { keepdims: 0 })
    },
    // A depthwise convolution of a with b as its filter, each run of pixels a channel of its own.
    dot(a, b) {
      const run = longestRun(h * w, 256)
      const runs = (n * channels * h * w) / run
      const products = addBlockedConvolution(
        graph,
        [graph.reshape(a, [1, runs, 1, run]), graph.reshape(b, [runs, 1, 1, run])],
        { ...convolution, kernel: [1, run], groups: runs },
      )
      const split = graph.reshape(products, [n, channels / block, (h * w) / run, block])
      return graph.reshape(graph.add('ReduceSum', [split, graph.integers([0, 2])], { keepdims: 0 }), [
        channels,
      ])
    },
    scaleShift(value, scale, offset) {
      const filter = graph.reshape(scale, [channels, 1, 1, 1])
      return addBlockedConvolution(graph, [value, filter, offset], {
        ...convolution,
        kernel: [1, 1],
        groups: channels,
      })
    },
  }
}
