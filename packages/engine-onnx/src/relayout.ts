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
  const axes = permutation.map((axis) => ({
    size: shape[axis] as number,
    stride: sizeOf(shape.slice(axis + 1)),
  }))
  // The two innermost axes are loops: a call for each of their elements would cost most of the time.
  const unit = { size: 1, stride: 0 }
  const [rows = unit, columns = unit] = [unit, unit, ...axes].slice(-2)
  const outer = axes.slice(0, -2)
  let to = 0
  const copy = (depth: number, from: number) => {
    const axis = outer[depth]
    if (axis) {
      for (let i = 0; i < axis.size; i++) copy(depth + 1, from + i * axis.stride)
      return
    }
    for (let i = 0; i < rows.size; i++) {
      let at = from + i * rows.stride
      for (let j = 0; j < columns.size; j++) {
        result[to++] = data[at] as number
        at += columns.stride
      }
    }
  }
  copy(0, 0)
  return result
}
