import { type SymbolicTensor, vector } from '@convkit/graph'
import { requireOption } from '../require-option.js'

/** A number a class as a constant `[classes]`. @throws E_OPTION when there are not as many, or one is negative. */
export function classVector(name: string, values: readonly number[], classes: number): SymbolicTensor {
  const valid = values.length === classes && values.every((value) => value >= 0 && Number.isFinite(value))
  requireOption(valid, name, `${classes} numbers of at least 0, one a class`, values)
  return vector(values)
}
