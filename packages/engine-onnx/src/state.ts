import type { FloatTensor, TensorMap } from '@convkit/core'
import type { Tensor } from './runtime.js'

/** A program's state between runs, wherever it lies. */
export interface State {
  /** The tensors that a run reads. */
  current(names: Iterable<string>): Promise<ReadonlyMap<string, Tensor>>
  /** The tensor that a run writes a new value to; null where the library is to make one. */
  next(name: string): Tensor | null
  /** Takes what a run has written as the current values. */
  advance(written: ReadonlyMap<string, Tensor>): void
  /** Copies, row-major. */
  read(names: readonly string[]): Promise<TensorMap>
  write(tensors: Iterable<readonly [string, FloatTensor]>): void
  dispose(): void
}
