import { ConvkitError, formatShape, type Program, sameShape } from '@convkit/graph'
import { runSignature } from '@convkit/graph/reference'
import type { Engine, EngineProvider, Feeds, Session } from '../engine.js'
import { floatTensor, type TensorMap } from '../tensors.js'

/**
 * Runs programs on the reference evaluator: exact, repeatable and slow. For tests on tiny networks; state is kept
 * as float32, as native engines keep it.
 */
export function referenceEngine(): Engine {
  return {
    name: 'reference',
    description: 'reference evaluator, float64',
    load: async (program) => load(program),
  }
}

/** {@link referenceEngine} for a plugin's `engines`. */
export const referenceProvider: EngineProvider = {
  name: 'reference',
  priority: -1,
  install: 'npm install @convkit/core',
  create: async () => referenceEngine(),
}

function load(program: Program): Session {
  const state: TensorMap = new Map(
    Object.entries(program.state).map(([name, { initial }]) => [name, initial()]),
  )
  return {
    async run(name, feeds) {
      const signature = program.signatures[name]
      if (!signature)
        throw new ConvkitError(
          'E_SIGNATURE',
          `The program has no signature '${name}'; it has ${Object.keys(program.signatures).join(', ')}`,
        )
      const values = (tensors: Iterable<readonly [string, { data: ArrayLike<number> }]>) =>
        Object.fromEntries([...tensors].map(([key, { data }]) => [key, data]))
      const { outputs, updates } = runSignature(program, name, values(Object.entries(feeds)), values(state))
      for (const [key, data] of Object.entries(updates)) {
        state.set(key, floatTensor(program.state[key]?.shape ?? [], Float32Array.from(data)))
      }
      const result: Feeds = Object.fromEntries(
        Object.entries(outputs).map(([key, data]) => [
          key,
          floatTensor(signature.outputs[key]?.shape ?? [], Float32Array.from(data)),
        ]),
      )
      return result
    },
    async read(names = [...state.keys()]) {
      return new Map(names.map((name) => [name, copy(existing(state, name))]))
    },
    async write(tensors) {
      for (const [name, { dtype, shape, data }] of tensors) {
        const old = existing(state, name)
        if (dtype !== 'float32' || !sameShape(old.shape, shape)) {
          throw new ConvkitError(
            'E_STATE',
            `write ${name}: the program holds float32 ${formatShape(old.shape)}, got ${dtype} ${formatShape(shape)}`,
          )
        }
        state.set(name, floatTensor(shape, data.slice()))
      }
    },
    async dispose() {
      state.clear()
    },
  }
}

function existing(state: TensorMap, name: string) {
  const tensor = state.get(name)
  if (!tensor) throw new ConvkitError('E_STATE', `The program has no state '${name}'`)
  return tensor
}

function copy({ shape, data }: { shape: readonly number[]; data: Float32Array }) {
  return floatTensor(shape, data.slice())
}
