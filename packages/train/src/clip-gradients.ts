import { add, clip, divide, minimum, multiply, type SymbolicTensor, sqrt, square, sum } from '@convkit/graph'

export interface ClipOptions {
  /** The largest norm of all gradients taken together. */
  readonly norm?: number
  /** The largest size of each number of a gradient. */
  readonly value?: number
}

/**
 * Limits gradients: first each number to ±`value`, then all of them by one factor so that their common 2-norm is at
 * most `norm`, as `torch.nn.utils.clip_grad_value_` and `clip_grad_norm_` do.
 */
export function clipGradients(
  gradients: readonly SymbolicTensor[],
  { norm, value }: ClipOptions = {},
): readonly SymbolicTensor[] {
  const limited = value === undefined ? gradients : gradients.map((gradient) => clip(gradient, -value, value))
  if (norm === undefined || limited.length === 0) return limited
  const total = sqrt(limited.map((gradient) => sum(square(gradient))).reduce((a, b) => add(a, b)))
  const factor = minimum(divide(norm, add(total, 1e-6)), 1)
  return limited.map((gradient) => multiply(gradient, factor))
}
