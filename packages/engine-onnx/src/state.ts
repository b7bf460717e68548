import type { FloatTensor, TensorMap } from '@convkit/core'
import type { Shape } from '@convkit/graph'
import type { Tensor } from './runtime.js'

/** How a run writes a new value. */
export interface Place {
  /** The shape that the value has in the compiled graph. */
  readonly shape: Shape
  /** Whether it may go where the old value lies. */
  readonly isInPlace: boolean
}

/** A program's state between runs, wherever it lies. */
export interface State {
  /** The tensors that a run reads. */
  current(names: Iterable<string>): Promise<ReadonlyMap<string, Tensor>>
  /** The tensor that a run writes a new value to; null where the library is to make one. */
  next(name: string, place: Place): Tensor | null
  /** Takes what a run has written as the current values. */
  advance(written: ReadonlyMap<string, Tensor>): void
  /** Copies, row-major. */
  read(names: readonly string[]): Promise<TensorMap>
  write(tensors: Iterable<readonly [string, FloatTensor]>): void
  dispose(): void
}
