import { checkedSession, type Feeds, type Session } from '@convkit/core'
import type { DType, Program, Shape, TensorData } from '@convkit/graph'
import { type Compiled, compile, isUnread } from './compile.js'
import { deviceState } from './device-state.js'
import { hostState } from './host-state.js'
import type { Fetches, Provider, Runtime, Tensor } from './runtime.js'
import type { State } from './state.js'
import { stateLayouts } from './state-layouts.js'
import { graphTransfer } from './transfer.js'
import { runUnread } from './unread-output.js'

export interface SessionOptions {
  readonly provider: Provider
  readonly threads: number
  /** Size of the CPU's blocks, for programs that change their state; 0 for none. */
  readonly block: number
}

/**
 * A program in ONNX Runtime. Signatures are compiled when they are first run. State lies where the library computes: on
 * the CPU in arrays that it reads and writes in place; on a GPU in its memory. So memory does not grow from run to run.
 * A run that fails may leave state half changed.
 *
 * In Node a run blocks the event loop until it is done, for onnxruntime-node computes on the calling thread; native
 * threads, such as those that decode images, go on meanwhile.
 */
export function createSession(runtime: Runtime, program: Program, options: SessionOptions): Session {
  const { provider, threads } = options
  const compiled = new Map<string, Promise<Compiled>>()
  // Weights that never change in a run are part of the compiled graph, which is optimized for them.
  const isBaked = Object.values(program.signatures).every(({ updates }) => Object.keys(updates).length === 0)

  // Constant weights get the blocked layout from the library itself.
  const block = isBaked ? 0 : options.block
  const layouts = stateLayouts(program, block)
  const host = isBaked || provider === 'cpu' ? hostState(runtime, program, { layouts, block }) : undefined
  const transfer = provider === 'webgpu' ? graphTransfer(runtime, provider) : undefined
  const state: State = host ?? deviceState(runtime, program, transfer)
  const lowering = isBaked ? { weights: host?.values } : { block, stateLayouts: layouts }

  const compiledFor = (name: string): Promise<Compiled> => {
    const existing = compiled.get(name)
    if (existing) return existing
    const made = compile(runtime, program, name, { provider, threads, ...lowering })
    compiled.set(name, made)
    // What does not compile is tried again, and is nothing to release.
    made.catch(() => compiled.delete(name))
    return made
  }
  const release = async () => {
    const sessions = [...compiled.values()]
    compiled.clear()
    for (const session of sessions) await (await session).session.release()
  }
  const toTensor = (dtype: DType, shape: Shape, data: TensorData['data']): Tensor =>
    new runtime.Tensor(dtype, data, shape)

  const run: Session['run'] = async (name, feeds) => {
    const { session, lowered } = await compiledFor(name)
    const signature = program.signatures[name]!
    const current = await state.current(lowered.state.keys())
    const fed = new Map([
      ...[...lowered.inputs].map(([key, onnx]) => {
        const { dtype, shape, data } = feeds[key]!
        return [onnx, toTensor(dtype, shape, data)] as const
      }),
      ...[...lowered.state].map(([key, onnx]) => [onnx, current.get(key) as Tensor] as const),
    ])
    const shapes = new Map(lowered.graph.outputs.map((output) => [output.name, output.shape]))
    const fetches: Fetches = Object.fromEntries([
      ...[...lowered.outputs.values()].map((onnx) => [onnx, null] as const),
      ...[...lowered.updates].map(([key, onnx]) => {
        const place = { shape: shapes.get(onnx) ?? [], isInPlace: lowered.inPlace.has(key) }
        return [onnx, state.next(key, place)] as const
      }),
    ])
    const results = isUnread(provider, lowered)
      ? await runUnread(runtime, session, lowered.graph.outputs, Object.fromEntries(fed), fetches)
      : await session.run(Object.fromEntries(fed), fetches)
    state.advance(new Map([...lowered.updates].map(([key, onnx]) => [key, results[onnx] as Tensor])))
    const outputs: Feeds = Object.fromEntries(
      [...lowered.outputs].map(([key, onnx]) => {
        const { dtype, shape } = signature.outputs[key]!
        return [key, { dtype, shape, data: results[onnx]!.data } as TensorData]
      }),
    )
    return outputs
  }

  return checkedSession(program, {
    run,
    read: (names = Object.keys(program.state)) => state.read(names),
    async write(tensors) {
      state.write(tensors)
      if (isBaked) await release()
    },
    async dispose() {
      // The memory of a device goes with the last session that computes on it.
      state.dispose()
      await transfer?.dispose()
      await release()
    },
  })
}
