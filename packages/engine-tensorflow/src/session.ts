import { checkedSession, type FloatTensor, type Session, type TensorMap } from '@convkit/core'
import type { DType, Program, TensorData } from '@convkit/graph'
import { type ExchangedTensor, put, take } from './exchange.js'
import { loadModel } from './load-model.js'
import { lowerProgram } from './lower.js'
import type { Products } from './lowering/context.js'
import { pack } from './packed-bytes.js'
import type { RunnerProcess } from './runner-process.js'
import { stateGroups } from './state-groups.js'
import { readName, writeName } from './state-signatures.js'

export interface SessionOptions {
  /** In float32 by default. */
  readonly products?: Products
}

/** A program in TensorFlow: one graph with all signatures, whose variables hold the state. */
export async function createSession(
  runner: RunnerProcess,
  program: Program,
  { products }: SessionOptions = {},
): Promise<Session> {
  const groups = stateGroups(program)
  const model = await loadModel(
    runner,
    lowerProgram(program, { products, packBytes: true, stateGroups: groups }),
  )
  const run = (signature: string, feeds: Iterable<readonly [string, ExchangedTensor]>) =>
    runner.exclusively(async () => {
      const slots = put(runner.exchange, feeds)
      const outputs = await runner.call('run', { model, signature, feeds: slots })
      return new Map(outputs.map((slot) => [slot.name, take(runner.exchange, slot)]))
    })
  const readGroup = async (group: number) => (await run(readName(group), [])) as TensorMap
  const writeGroup = (group: number, values: TensorMap) => run(writeName(group), values)

  for (const [group, names] of groups.entries()) {
    await writeGroup(group, new Map(names.map((name) => [name, program.state[name]!.initial()])))
  }

  return checkedSession(program, {
    async run(name, feeds) {
      const values = Object.entries(feeds).map(([key, tensor]) => [key, toExchanged(tensor)] as const)
      const results = await run(name, values)
      const outputs = Object.entries(program.signatures[name]!.outputs)
      return Object.fromEntries(
        outputs.map(([key, { dtype }]) => [key, fromExchanged(results.get(key)!, dtype)]),
      )
    },
    async read(names = Object.keys(program.state)) {
      const wanted = new Set(names)
      const values: TensorMap = new Map()
      for (const [group, members] of groups.entries()) {
        if (!members.some((name) => wanted.has(name))) continue
        for (const [name, value] of await readGroup(group)) values.set(name, value)
      }
      return new Map(names.map((name) => [name, values.get(name) as FloatTensor]))
    },
    async write(tensors) {
      const given: TensorMap = new Map(tensors)
      for (const [group, members] of groups.entries()) {
        const changed = members.filter((name) => given.has(name))
        if (changed.length === 0) continue
        const values: TensorMap = changed.length < members.length ? await readGroup(group) : new Map()
        for (const name of changed) values.set(name, given.get(name) as FloatTensor)
        await writeGroup(group, values)
      }
    },
    async dispose() {
      await runner.exclusively(() => runner.call('unload', { model }))
    },
  })
}

function toExchanged(tensor: TensorData): ExchangedTensor {
  if (tensor.dtype === 'float32' || tensor.dtype === 'int32') return tensor
  const { dtype, shape, data } = tensor
  if (dtype === 'bool') return { dtype, shape, data }
  const packed = pack(data)
  return { dtype: 'int32', shape: [packed.length], data: packed }
}

function fromExchanged(tensor: ExchangedTensor, dtype: DType): TensorData {
  return dtype === 'uint8' ? { dtype, shape: tensor.shape, data: Uint8Array.from(tensor.data) } : tensor
}
