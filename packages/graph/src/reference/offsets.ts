import type { Shape } from '../tensor.js'

/** For each index over `shape`, row by row, the offset `start + Σ index · strides`. */
export function offsets(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  return shape.reduce((outer, size, axis) => {
    const inner = new Int32Array(outer.length * size)
    for (let i = 0; i < outer.length; i++) {
      for (let j = 0; j < size; j++) inner[i * size + j] = outer[i]! + j * strides[axis]!
    }
    return inner
  }, Int32Array.of(start))
}

/** Offsets between neighbours along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
}

/** For each index over `target`, the offset in an array of `shape` that broadcasts to it. */
export function broadcastOffsets(shape: Shape, target: Shape): Int32Array {
  const strides = stridesOf(shape)
  const leading = target.length - shape.length
  const repeated = target.map((_, axis) => (shape[axis - leading] ?? 1) === 1)
  return offsets(
    target,
    repeated.map((still, axis) => (still ? 0 : strides[axis - leading]!)),
  )
}
