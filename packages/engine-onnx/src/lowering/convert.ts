import type { SymbolicTensor } from '@convkit/graph'
import { arrange, inversePermutation, type Layout, physicalShape } from '../layout.js'
import type { GraphBuilder } from '../onnx/graph-builder.js'
import { nchwc } from './nchwc.js'

/** Moves a value from one layout to another; memory moves only where its order changes. */
export function convert(
  graph: GraphBuilder,
  name: string,
  { shape, dtype }: Pick<SymbolicTensor, 'shape' | 'dtype'>,
  from: Layout,
  to: Layout,
  block: number,
): string {
  if (from === to) return name
  const [source, target] = [arrange(from, shape, block), arrange(to, shape, block)]
  const [, h = 1, w = 1, c = 1] = shape
  const isReorder = (from === 'blocked' || to === 'blocked') && dtype === 'float32' && h * w > 1 && c > 1
  if (isReorder && to === 'blocked') {
    const reordered = graph.add(nchwc('ReorderInput'), [name], { channels_last: Number(from === 'logical') })
    return declared(graph, reordered, target.declared)
  }
  if (isReorder && from === 'blocked') {
    const reordered = graph.add(nchwc('ReorderOutput'), [name], {
      channels: c,
      channels_last: Number(to === 'logical'),
    })
    return declared(graph, reordered, target.declared)
  }
  const memory = physicalShape(source)
  const logical =
    from === 'logical'
      ? name
      : graph.transpose(graph.reshape(name, memory), memory, inversePermutation(source.permutation))
  const permuted =
    to === 'logical'
      ? logical
      : graph.transpose(graph.reshape(logical, target.split), target.split, target.permutation)
  return graph.reshape(permuted, target.declared)
}

function declared(graph: GraphBuilder, name: string, shape: readonly number[]): string {
  graph.declare(name, shape)
  return name
}
