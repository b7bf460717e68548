import { ConvkitError } from '../error.js'
import {
  apply,
  applySingle,
  type DType,
  formatShape,
  type Shape,
  type SymbolicTensor,
  sizeOf,
  type TensorData,
} from '../tensor.js'
import type { RandomFill } from './attributes.js'

/** A value fed at each run, or, with `fill`, drawn by the host's seeded generator before each run. */
export function input(
  name: string,
  shape: Shape,
  dtype: DType = 'float32',
  fill?: RandomFill,
): SymbolicTensor {
  return applySingle('input', [], fill ? { name, fill } : { name }, shape, dtype)
}

/**
 * A named float32 value that lives in the engine between runs: a parameter, a running statistic, an optimizer
 * slot. Its scope is the name up to the last dot.
 */
export function state(name: string, shape: Shape): SymbolicTensor {
  const scope = name.slice(0, Math.max(0, name.lastIndexOf('.')))
  return apply('state', [], { name }, [{ shape }], scope)[0] as SymbolicTensor
}

/** A float32 scalar, or host values of any dtype. */
export function constant(value: number | TensorData): SymbolicTensor {
  const tensor: TensorData =
    typeof value === 'number' ? { dtype: 'float32', shape: [], data: Float32Array.of(value) } : value
  if (tensor.data.length !== sizeOf(tensor.shape)) {
    throw new ConvkitError(
      'E_SHAPE',
      `constant: ${tensor.data.length} values do not fill shape ${formatShape(tensor.shape)}; pass ${sizeOf(tensor.shape)} values`,
    )
  }
  return applySingle('constant', [], { value: tensor }, tensor.shape, tensor.dtype)
}

/** A float32 constant from a list of numbers, `[values.length]` unless a shape is given. */
export function vector(values: readonly number[], shape: Shape = [values.length]): SymbolicTensor {
  return constant({ dtype: 'float32', shape, data: Float32Array.from(values) })
}
