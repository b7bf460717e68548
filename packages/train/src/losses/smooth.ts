import { add, multiply, type SymbolicTensor } from '@convkit/graph'

/** A part of each target, `[n, classes]`, spread evenly over all classes (Szegedy et al. 2016). */
export function smooth(targets: SymbolicTensor, share: number): SymbolicTensor {
  const classes = targets.shape[1] as number
  return share === 0 ? targets : add(multiply(targets, 1 - share), share / classes)
}
