import type { Conv2dAttributes, Padding2d, Shape } from '@convkit/graph'
import type { GraphBuilder } from '../saved-model/graph-builder.js'

/** What a slice takes: `sizes[i]` elements of axis `i` from `starts[i]` on, every `strides[i]`-th one. */
export interface Slicing {
  readonly starts: readonly number[]
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
}

/** Part of x, whose shape is `shape`. */
export function slice(graph: GraphBuilder, x: string, shape: Shape, slicing: Slicing): string {
  const { starts, sizes, strides } = slicing
  if (Math.max(1, ...strides) === 1) {
    return graph.add('Slice', [x, graph.integers(starts), graph.integers(sizes)])
  }
  const split = splitAxes(shape, slicing)
  if (!split) return graph.add('StridedSlice', [x, ...range(graph, slicing)])
  return graph.reshape(slice(graph, graph.reshape(x, split.shape), split.shape, split), sizes)
}

/** Zeros of `shape` with dy at the positions that a slice read. */
export function sliceGradient(graph: GraphBuilder, dy: string, shape: Shape, slicing: Slicing): string {
  const { starts, sizes, strides } = slicing
  if (Math.max(1, ...strides) === 1) {
    return pad(
      graph,
      dy,
      starts,
      shape.map((size, axis) => size - starts[axis]! - sizes[axis]!),
    )
  }
  const split = splitAxes(shape, slicing)
  if (!split) return graph.add('StridedSliceGrad', [graph.integers(shape), ...range(graph, slicing), dy])
  return graph.reshape(sliceGradient(graph, graph.reshape(dy, split.sizes), split.shape, split), shape)
}

/**
 * A slice with strides as one without: an axis of stride s becomes two, the second of length s, and one element of
 * that is taken. TensorFlow's strided kernels take several times as long. Undefined where s does not divide an axis.
 */
function splitAxes(
  shape: Shape,
  { starts, sizes, strides }: Slicing,
): (Slicing & { shape: Shape }) | undefined {
  if (shape.some((size, axis) => size % strides[axis]! !== 0)) return undefined
  const split = <T>(whole: (axis: number) => T, parts: (axis: number, stride: number) => T[]) =>
    strides.flatMap((stride, axis) => (stride === 1 ? [whole(axis)] : parts(axis, stride)))
  const splitShape = split(
    (axis) => shape[axis]!,
    (axis, stride) => [shape[axis]! / stride, stride],
  )
  return {
    shape: splitShape,
    starts: split(
      (axis) => starts[axis]!,
      (axis, stride) => [Math.floor(starts[axis]! / stride), starts[axis]! % stride],
    ),
    sizes: split(
      (axis) => sizes[axis]!,
      (axis) => [sizes[axis]!, 1],
    ),
    strides: splitShape.map(() => 1),
  }
}

/** Surrounds x with a value: `before[i]` and `after[i]` elements along axis `i`. */
export function pad(
  graph: GraphBuilder,
  x: string,
  before: readonly number[],
  after: readonly number[],
  value?: string,
): string {
  if ([...before, ...after].every((size) => size === 0)) return x
  const data = Int32Array.from(before.flatMap((size, axis) => [size, after[axis] as number]))
  const sizes = graph.constant({ dtype: 'int32', shape: [before.length, 2], data })
  return value === undefined ? graph.add('Pad', [x, sizes]) : graph.add('PadV2', [x, sizes, value])
}

/** Beginnings, ends and steps. */
function range(graph: GraphBuilder, { starts, sizes, strides }: Slicing): [string, string, string] {
  const ends = starts.map((start, axis) => start + (sizes[axis]! - 1) * strides[axis]! + 1)
  return [graph.integers(starts), graph.integers(ends), graph.integers(strides)]
}

/** `[n, h, w, c]` with a value around it, zero by default. */
export function padImage(
  graph: GraphBuilder,
  x: string,
  [top, bottom, left, right]: Padding2d,
  value?: string,
): string {
  return pad(graph, x, [0, top, left, 0], [0, bottom, right, 0], value)
}

/** The shape of an image with padding around it. */
export function paddedShape(shape: Shape, [top, bottom, left, right]: Padding2d): Shape {
  const [n, h, w, c] = shape as [number, number, number, number]
  return [n, h + top + bottom, w + left + right, c]
}

/** Undoes {@link padImage}, given the shape without padding; leaves channels away that were added after its own. */
export function unpadImage(
  graph: GraphBuilder,
  x: string,
  shape: Shape,
  padding: Padding2d,
  addedChannels = 0,
): string {
  if ([...padding, addedChannels].every((size) => size === 0)) return x
  const padded = paddedShape(shape, padding)
  const whole = padded.with(3, padded[3]! + addedChannels)
  const starts = [0, padding[0], padding[2], 0]
  return slice(graph, x, whole, { starts, sizes: shape, strides: [1, 1, 1, 1] })
}

/** What one position of a filter sees of a padded image, for each output pixel. */
export function seenAt(
  input: Shape,
  output: Shape,
  [row, column]: readonly [number, number],
  { strides, dilations }: Pick<Conv2dAttributes, 'strides' | 'dilations'>,
): Slicing {
  return {
    starts: [0, row * dilations[0], column * dilations[1], 0],
    sizes: output.with(3, input[3]!),
    strides: [1, ...strides, 1],
  }
}
