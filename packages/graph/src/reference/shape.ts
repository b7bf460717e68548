import type { KernelsFor, NdArray } from './kernel.js'
import { broadcastOffsets, offsets, stridesOf } from './offsets.js'

export const shapeKernels: KernelsFor<
  'reshape' | 'transpose' | 'broadcastTo' | 'concat' | 'slice' | 'sliceGradient' | 'pad' | 'oneHot'
> = {
  reshape: ([x], [y]) => y.data.set(x.data),
  transpose: ([x], [y], { permutation }) => {
    const strides = stridesOf(x.shape)
    gather(
      x,
      y,
      offsets(
        y.shape,
        permutation.map((axis) => strides[axis]!),
      ),
    )
  },
  broadcastTo: ([x], [y]) => gather(x, y, broadcastOffsets(x.shape, y.shape)),
  concat: (parts, [y], { axis }) => {
    const strides = stridesOf(y.shape)
    let start = 0
    for (const part of parts) {
      scatter(part, y, offsets(part.shape, strides, start * strides[axis]!))
      start += part.shape[axis]!
    }
  },
  slice: ([x], [y], { starts, strides }) => gather(x, y, steppedOffsets(y, x, starts, strides)),
  sliceGradient: ([dy], [dx], { starts, strides }) =>
    scatter(dy, dx, steppedOffsets(dy, dx, starts, strides)),
  pad: ([x], [y], { before, value }) => {
    y.data.fill(value)
    scatter(x, y, steppedOffsets(x, y, before))
  },
  oneHot: ([labels], [y], { depth }) =>
    labels.data.forEach((label, i) => {
      if (label >= 0 && label < depth) y.data[i * depth + label] = 1
    }),
}

/** Where each element of `part` lies in `whole`, every `steps`-th element from `starts` on. */
function steppedOffsets(
  part: NdArray,
  whole: NdArray,
  starts: readonly number[],
  steps: readonly number[] = starts.map(() => 1),
): Int32Array {
  const strides = stridesOf(whole.shape)
  const start = starts.reduce((sum, first, axis) => sum + first * strides[axis]!, 0)
  return offsets(
    part.shape,
    strides.map((stride, axis) => stride * steps[axis]!),
    start,
  )
}

function gather(x: NdArray, y: NdArray, from: Int32Array): void {
  for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[from[i]!]!
}

function scatter(x: NdArray, y: NdArray, to: Int32Array): void {
  for (let i = 0; i < x.data.length; i++) y.data[to[i]!] = x.data[i]!
}
