import { type FloatTensor, floatTensor, type TensorMap } from '@convkit/core'
import { type Program, sizeOf } from '@convkit/graph'
import type { Layout } from './layout.js'
import { fromLayout, toLayout } from './relayout.js'

/** A program's state on the host's side of the native library, which reads and writes these arrays in place. */
export interface State {
  /** The array that holds a tensor now. */
  current(name: string): Float32Array
  /** The array that a run writes a tensor's new value to; only updated state has one. */
  next(name: string): Float32Array
  /** Makes what a run has written the current values. */
  advance(names: Iterable<string>): void
  read(names?: readonly string[]): TensorMap
  write(tensors: Iterable<readonly [string, FloatTensor]>): void
}

export interface StateOptions {
  /** Layouts of tensors that are not kept row-major, for blocks of this size. */
  readonly layouts: ReadonlyMap<string, Layout>
  readonly block: number
}

/** State with its initial values. What no signature updates, and lies as the program gives it, is not copied. */
export function createState(program: Program, { layouts, block }: StateOptions): State {
  const updated = new Set(Object.values(program.signatures).flatMap(({ updates }) => Object.keys(updates)))
  const shapeOf = (name: string) => program.state[name]?.shape ?? []
  const current = (name: string) => buffers.get(name)?.[0] as Float32Array
  /** A copy of row-major values as they are kept. */
  const stored = (name: string, data: Float32Array) => {
    const layout = layouts.get(name)
    return layout ? toLayout(data, shapeOf(name), layout, block) : data.slice()
  }
  /** A row-major copy of what is kept. */
  const loaded = (name: string) => {
    const layout = layouts.get(name)
    return layout ? fromLayout(current(name), shapeOf(name), layout, block) : current(name).slice()
  }
  const buffers = new Map<string, Float32Array[]>(
    Object.entries(program.state).map(([name, { shape, initial }]) => {
      const { data } = initial()
      const own = updated.has(name) ? [stored(name, data), new Float32Array(sizeOf(shape))] : undefined
      return [name, own ?? [layouts.has(name) ? stored(name, data) : data]]
    }),
  )
  return {
    current,
    next: (name) => buffers.get(name)?.[1] as Float32Array,
    advance(names) {
      for (const name of names) buffers.get(name)?.reverse()
    },
    read: (names = [...buffers.keys()]) =>
      new Map(names.map((name) => [name, floatTensor(shapeOf(name), loaded(name))])),
    write(tensors) {
      for (const [name, { data }] of tensors) {
        buffers.get(name)?.splice(0, 1, stored(name, data))
      }
    },
  }
}
