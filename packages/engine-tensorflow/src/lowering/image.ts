import { type SymbolicTensor, sizeOf } from '@convkit/graph'
import type { Context } from './context.js'

/** A tensor of any rank as `[n, 1, 1, c]`, for ops that take nothing but images. */
export function asImage(context: Context, x: SymbolicTensor): string {
  const value = context.get(x)
  if (x.shape.length === 4) return value
  const channels = x.shape.at(-1) ?? 1
  return context.graph.reshape(value, [sizeOf(x.shape) / channels, 1, 1, channels])
}

/** Undoes {@link asImage}, to the shape of y. */
export function fromImage({ graph }: Context, value: string, y: SymbolicTensor): string {
  return y.shape.length === 4 ? value : graph.reshape(value, y.shape)
}
