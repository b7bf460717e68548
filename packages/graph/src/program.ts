import type { Shape, SymbolicTensor, TensorData } from './tensor.js'

/** A float32 value that an engine session keeps between runs. */
export interface StateSpec {
  readonly shape: Shape
  /** Its value before the first run. */
  readonly initial: () => Extract<TensorData, { dtype: 'float32' }>
}

/** One entry point of a program: everything that happens in one native call. */
export interface Signature {
  /** What the caller feeds, by name; each is an `input` node. */
  readonly inputs: Readonly<Record<string, SymbolicTensor>>
  /** What the caller gets back: scalars and small tensors, for they are copied to the host. */
  readonly outputs: Readonly<Record<string, SymbolicTensor>>
  /** New values of state, by name, computed from the old ones and stored after all of them were read. */
  readonly updates: Readonly<Record<string, SymbolicTensor>>
}

/** Signatures that share named state: what an engine loads. */
export interface Program {
  readonly state: Readonly<Record<string, StateSpec>>
  readonly signatures: Readonly<Record<string, Signature>>
}
