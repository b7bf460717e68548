import { type Shape, sizeOf } from '@convkit/graph'
import { arrange, inversePermutation, type Layout, physicalShape } from './layout.js'

/** Row-major values in another layout. */
export function toLayout(data: Float32Array, shape: Shape, layout: Layout, block: number): Float32Array {
  const { split, permutation } = arrange(layout, shape, block)
  return permute(data, split, permutation)
}

/** Undoes {@link toLayout}. */
export function fromLayout(data: Float32Array, shape: Shape, layout: Layout, block: number): Float32Array {
  const arrangement = arrange(layout, shape, block)
  return permute(data, physicalShape(arrangement), inversePermutation(arrangement.permutation))
}

/** A copy with its axes in another order. */
function permute(data: Float32Array, shape: Shape, permutation: readonly number[]): Float32Array {
  const result = new Float32Array(data.length)
  const sizes = permutation.map((axis) => shape[axis] as number)
  const strides = permutation.map((axis) => sizeOf(shape.slice(axis + 1)))
  const [length = 1, stride = 1] = [sizes.at(-1), strides.at(-1)]
  let to = 0
  const copy = (axis: number, from: number) => {
    if (axis >= sizes.length - 1) {
      for (let i = 0; i < length; i++) result[to++] = data[from + i * stride] as number
      return
    }
    for (let i = 0; i < (sizes[axis] as number); i++) copy(axis + 1, from + i * (strides[axis] as number))
  }
  copy(0, 0)
  return result
}
