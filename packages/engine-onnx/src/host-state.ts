import { type FloatTensor, floatTensor } from '@convkit/core'
import type { Program } from '@convkit/graph'
import { arrange, type Layout } from './layout.js'
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
 * State in arrays that the native library reads and writes in place. A tensor that cannot be written over itself gets a
 * second array at its first update. What no signature updates, and lies as the program gives it, is not copied.
 */
export function hostState(
  { Tensor }: Runtime,
  program: Program,
  { layouts, block }: HostStateOptions,
): HostState {
  const updated = new Set(Object.values(program.signatures).flatMap(({ updates }) => Object.keys(updates)))
  const shapeOf = (name: string) => program.state[name]?.shape ?? []
  const values = (name: string) => arrays.get(name) as Float32Array
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
  const arrays = new Map(
    Object.entries(program.state).map(([name, { initial }]) => {
      const { data } = initial()
      return [name, updated.has(name) || layouts.has(name) ? stored(name, data) : data]
    }),
  )
  /** Second arrays, and where the run under way writes. */
  const spare = new Map<string, Float32Array>()
  const targets = new Map<string, Float32Array>()
  const spareFor = (name: string) => {
    const array = spare.get(name) ?? new Float32Array(values(name).length)
    spare.set(name, array)
    return array
  }
  return {
    values,
    current: async (names) =>
      new Map(
        [...names].map((name) => {
          const { declared } = arrange(layouts.get(name) ?? 'logical', shapeOf(name), block)
          return [name, new Tensor('float32', values(name), declared)]
        }),
      ),
    next(name, { shape, isInPlace }) {
      const target = isInPlace ? values(name) : spareFor(name)
      targets.set(name, target)
      return new Tensor('float32', target, shape)
    },
    advance(written) {
      for (const name of written.keys()) {
        const target = targets.get(name) as Float32Array
        if (target === spare.get(name)) spare.set(name, values(name))
        arrays.set(name, target)
      }
    },
    read: async (names) => new Map(names.map((name) => [name, floatTensor(shapeOf(name), loaded(name))])),
    write(tensors: Iterable<readonly [string, FloatTensor]>) {
      for (const [name, { data }] of tensors) arrays.set(name, stored(name, data))
    },
    dispose() {
      arrays.clear()
      spare.clear()
    },
  }
}
