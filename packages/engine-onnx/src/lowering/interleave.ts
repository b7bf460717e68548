import type { Shape } from '@convkit/graph'
import type { GraphBuilder } from '../onnx/graph-builder.js'

export interface Interleaved {
  /** Size of a run of values that stay together: the block. */
  readonly block: number
  /** `[n, c, h, w]` of one map. */
  readonly map: Shape
  /** `[h, w]` of the result: what the maps have beyond is cut off. */
  readonly size: readonly [number, number]
}

/**
 * Interleaves blocked maps, `maps[row phase][column phase]`: element `(q, r)` of a map goes to
 * `(rows · q + row phase, columns · r + column phase)`.
 */
export function interleave(
  graph: GraphBuilder,
  maps: readonly (readonly string[])[],
  { block, map, size }: Interleaved,
): string {
  const [n, c, h, w] = map as [number, number, number, number]
  const [rows, columns] = [maps.length, maps[0]?.length ?? 1]
  const planes = (n * c) / block
  const join = (parts: readonly string[], shape: Shape) => {
    const viewed = parts.map((part) => graph.reshape(part, shape))
    return viewed.length === 1 ? (viewed[0] as string) : graph.add('Concat', viewed, { axis: 1 })
  }
  const wide = maps.map((phase) => join(phase, [planes * h * w, block]))
  const whole = join(wide, [planes * h, w * columns * block])
  const declared = [n, c, size[0], size[1]]
  if (h * rows === size[0] && w * columns === size[1]) return graph.reshape(whole, declared)
  const viewed = graph.reshape(whole, [planes, h * rows, w * columns, block])
  const ends = graph.integers(size)
  const cut = graph.add('Slice', [viewed, graph.integers([0, 0]), ends, graph.integers([1, 2])])
  return graph.reshape(cut, declared)
}
