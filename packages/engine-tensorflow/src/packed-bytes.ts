import { type Shape, sizeOf } from '@convkit/graph'
import type { GraphBuilder } from './saved-model/graph-builder.js'

/** How many int32 numbers hold a uint8 tensor of this shape. */
export function packedLength(shape: Shape): number {
  return Math.ceil(sizeOf(shape) / 4)
}

/** The uint8 tensor that is packed in a vector of int32. */
export function unpack(graph: GraphBuilder, packed: string, shape: Shape): string {
  // [length] → [length, 4]
  const bytes = graph.add('Bitcast', [packed], { type: { type: 'uint8' } })
  const size = sizeOf(shape)
  if (size % 4 === 0) return graph.reshape(bytes, shape)
  const flat = graph.reshape(bytes, [4 * packedLength(shape)])
  const filled = graph.add('Slice', [flat, graph.integers([0]), graph.integers([size])])
  return graph.reshape(filled, shape)
}

/** Four bytes a number, as they lie in memory; zeros fill up the last. */
export function pack({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  if (length % 4 === 0 && byteOffset % 4 === 0) return new Int32Array(buffer, byteOffset, length / 4)
  const packed = new Int32Array(Math.ceil(length / 4))
  new Uint8Array(packed.buffer).set(new Uint8Array(buffer, byteOffset, length))
  return packed
}
