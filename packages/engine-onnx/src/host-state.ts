import { type FloatTensor, floatTensor } from '@convkit/core'
import { type Program, sizeOf } from '@convkit/graph'
import type { Layout } from './layout.js'
import { fromLayout, toLayout } from './relayout.js'
import type { Runtime } from './runtime.js'
import type { State } from './state.js'

export interface HostState extends State {
  /** The array that holds a tensor now. */
  values(name: string): Float32Array
}

export interface HostStateOptions {
  /** Layouts of tensors that are not kept row-major, for blocks of this size. */
  readonly layouts: ReadonlyMap<string, Layout>
  readonly block: number
}

/**
 * State in arrays that the native library reads and writes in place, two for each tensor that is updated. What no
 * signature updates, and lies as the program gives it, is not copied.
 */
export function hostState(
  { Tensor }: Runtime,
  program: Program,
  { layouts, block }: HostStateOptions,
): HostState {
  const updated = new Set(Object.values(program.signatures).flatMap(({ updates }) => Object.keys(updates)))
  const shapeOf = (name: string) => program.state[name]?.shape ?? []
  const values = (name: string) => buffers.get(name)?.[0] as Float32Array
  /** A copy of row-major values as they are kept. */
  const stored = (name: string, data: Float32Array) => {
    const layout = layouts.get(name)
    return layout ? toLayout(data, shapeOf(name), layout, block) : data.slice()
  }
  /** A row-major copy of what is kept. */
  const loaded = (name: string) => {
    const layout = layouts.get(name)
    return layout ? fromLayout(values(name), shapeOf(name), layout, block) : values(name).slice()
  }
  const buffers = new Map<string, Float32Array[]>(
    Object.entries(program.state).map(([name, { shape, initial }]) => {
      const { data } = initial()
      const own = updated.has(name) ? [stored(name, data), new Float32Array(sizeOf(shape))] : undefined
      return [name, own ?? [layouts.has(name) ? stored(name, data) : data]]
    }),
  )
  const tensor = (name: string, data: Float32Array) => new Tensor('float32', data, shapeOf(name))
  return {
    values,
    current: async (names) => new Map([...names].map((name) => [name, tensor(name, values(name))])),
    next: (name) => tensor(name, buffers.get(name)?.[1] as Float32Array),
    advance(written) {
      for (const name of written.keys()) buffers.get(name)?.reverse()
    },
    read: async (names) => new Map(names.map((name) => [name, floatTensor(shapeOf(name), loaded(name))])),
    write(tensors: Iterable<readonly [string, FloatTensor]>) {
      for (const [name, { data }] of tensors) buffers.get(name)?.splice(0, 1, stored(name, data))
    },
    dispose: () => buffers.clear(),
  }
}
