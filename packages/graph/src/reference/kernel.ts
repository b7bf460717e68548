import type { OpAttributes, OpName } from '../ops/attributes.js'
import type { Shape } from '../tensor.js'

/** Values of any dtype, row-major, as float64. */
export interface NdArray {
  readonly shape: Shape
  readonly data: Float64Array
}

/** The values of a graph's sources, by name. */
export interface Values {
  readonly inputs?: Readonly<Record<string, ArrayLike<number>>>
  readonly state?: Readonly<Record<string, ArrayLike<number>>>
}

// As many as the widest op has, so that a kernel destructures what its op's builder guarantees.
export type Inputs = [NdArray, NdArray, NdArray, NdArray, NdArray]
export type Outputs = [NdArray, NdArray, NdArray]

/** Computes one op: fills `outputs`, which come with their shapes and zeros. */
export type Kernel<K extends OpName> = (
  inputs: Inputs,
  outputs: Outputs,
  attributes: OpAttributes[K],
  values: Values,
) => void

export type Kernels = { readonly [K in OpName]: Kernel<K> }

export type KernelsFor<K extends OpName> = Pick<Kernels, K>
