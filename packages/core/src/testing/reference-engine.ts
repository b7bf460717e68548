import type { Program } from '@convkit/graph'
import { runSignature } from '@convkit/graph/reference'
import { checkedSession, signatureOf } from '../checked-session.js'
import type { Engine, EngineProvider, Feeds, Session } from '../engine.js'
import { type FloatTensor, floatTensor, type TensorMap } from '../tensors.js'

/**
 * Runs programs on the reference evaluator: exact, repeatable and slow. For tests on tiny networks; state is kept
 * as float32, as native engines keep it.
 */
export function referenceEngine(): Engine {
  return {
    name: 'reference',
    description: 'reference evaluator, float64',
    load: async (program) => checkedSession(program, load(program)),
  }
}

/** {@link referenceEngine} for a plugin's `engines`. */
export const referenceProvider: EngineProvider = {
  name: 'reference',
  priority: { training: -1, inference: -1 },
  install: 'npm install @convkit/core',
  create: async () => referenceEngine(),
}

function load(program: Program): Session {
  const state: TensorMap = new Map(
    Object.entries(program.state).map(([name, { initial }]) => [name, initial()]),
  )
  return {
    async run(name, feeds) {
      const signature = signatureOf(program, name)
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
      return new Map(names.map((name) => [name, copy(state.get(name) as FloatTensor)]))
    },
    async write(tensors) {
      for (const [name, tensor] of tensors) state.set(name, copy(tensor))
    },
    async dispose() {
      state.clear()
    },
  }
}

function copy({ shape, data }: FloatTensor): FloatTensor {
  return floatTensor(shape, data.slice())
}
