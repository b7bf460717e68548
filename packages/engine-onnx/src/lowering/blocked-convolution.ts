import type { Padding2d, Pair, SymbolicTensor } from '@convkit/graph'
import type { GraphBuilder } from '../onnx/graph-builder.js'
import { floats } from '../onnx/node.js'
import type { Context } from './context.js'
import { nchwc } from './nchwc.js'
import { onnxPads } from './pool-padding.js'

export interface BlockedConvolution {
  readonly kernel: Pair
  readonly strides: Pair
  readonly dilations: Pair
  readonly padding: Padding2d
  readonly groups: number
  /** A value of the result's shape to add. */
  readonly sum?: string | undefined
  /** An activation's name in ONNX, and its parameters. */
  readonly activation?: readonly [name: string, ...parameters: number[]]
}

/** Convolves a blocked image: operands are the image, the filter in its blocked layout, and perhaps a bias. */
export function addBlockedConvolution(
  graph: GraphBuilder,
  [x, filter, bias = '']: readonly [x: string, filter: string, bias?: string],
  { kernel, strides, dilations, padding, groups, sum, activation }: BlockedConvolution,
): string {
  const optional = sum === undefined ? (bias ? [bias] : []) : [bias, sum]
  return graph.add(nchwc('Conv'), [x, filter, ...optional], {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: onnxPads(padding),
    group: groups,
    ...(activation && {
      activation: activation[0],
      activation_params: floats(...(activation.slice(1) as number[])),
    }),
  })
}

/** A depthwise filter of one tap, the same for all channels, in its blocked layout. */
export function oneTap(
  { graph, block }: Context,
  channels: number,
  [kh, kw]: Pair,
  [row, column]: Pair,
  value: number,
): string {
  const data = new Float32Array(channels * kh * kw)
  for (let first = 0; first < data.length; first += kh * kw * block) {
    const at = first + (row * kw + column) * block
    data.fill(value, at, at + block)
  }
  return graph.constant({ dtype: 'float32', shape: [channels, 1, kh, kw], data })
}

/** Makes a filter in its blocked layout from some taps of another, `row · width + column`, in this order. */
export type BlockedTaps = (taps: readonly number[], kernel: Pair) => string

/** Taps of a filter whose input and output channels are exchanged. */
export function turnedTaps(
  context: Context,
  filter: SymbolicTensor,
  layout: 'blocked-filter' | 'blocked-outputs-filter',
): BlockedTaps {
  const { graph, block } = context
  const [o, i, kh, kw] = filter.shape as [number, number, number, number]
  const name = context.get(filter, layout)
  const isDepthwise = layout === 'blocked-outputs-filter'
  const values = isDepthwise
    ? graph.reshape(name, [1, o / block, kh * kw, block])
    : exchangeChannels(graph, name, [o / block, i / block, kh * kw], block)
  return (taps, kernel) => {
    const isWhole = taps.length === kh * kw && taps.every((tap, position) => tap === position)
    const picked = isWhole ? values : graph.add('Gather', [values, graph.integers(taps)], { axis: 2 })
    return graph.reshape(picked, isDepthwise ? [o, 1, ...kernel] : [i, o, ...kernel])
  }
}

/** `[o/b, i/b, taps, b of i, b of o]` → `[i/b, o/b, taps, b of o · b of i]` */
function exchangeChannels(
  graph: GraphBuilder,
  name: string,
  [outputs, inputs, taps]: readonly [number, number, number],
  block: number,
): string {
  // Each block of b × b is a blocked image of b channels and b rows: written channels-first, it is transposed.
  const squares = graph.reshape(name, [outputs * inputs * taps, block, block, 1])
  const transposed = graph.add(nchwc('ReorderOutput'), [squares], { channels: block, channels_last: 0 })
  const shape = [outputs, inputs, taps, block * block]
  return graph.transpose(graph.reshape(transposed, shape), shape, [1, 0, 2, 3])
}
