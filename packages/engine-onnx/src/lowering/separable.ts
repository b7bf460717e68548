import type { SymbolicTensor } from '@convkit/graph'
import type { Context } from './context.js'

/** A matrix by rows: `weights[to][from]`. */
export type Weights = readonly (readonly number[])[]

/**
 * A linear map of images that treats rows and columns alone: `y = R · x · Cᵀ` for every channel. Average pooling and
 * bilinear resizing are such maps, and their gradients are the transposed ones.
 */
export function separableMap(
  context: Context,
  x: SymbolicTensor,
  y: SymbolicTensor,
  rows: Weights,
  columns: Weights,
): void {
  const { graph } = context
  const matrix = (weights: Weights) =>
    graph.constant({
      dtype: 'float32',
      shape: [weights.length, weights[0]?.length ?? 0],
      data: Float32Array.from(weights.flat()),
    })
  const mapped = graph.add('MatMul', [context.get(x, 'channels-first'), matrix(transposed(columns))])
  context.set(y, 'channels-first', graph.add('MatMul', [matrix(rows), mapped]))
}

export function transposed(weights: Weights): number[][] {
  return (weights[0] ?? []).map((_, column) => weights.map((row) => row[column] as number))
}
