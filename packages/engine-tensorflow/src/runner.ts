// Run as a program: the process that TensorFlow runs in. Its only argument is the folder of the tfjs package.

import { createRequire } from 'node:module'
import util from 'node:util'
import type * as TensorFlow from '@tensorflow/tfjs-node'
import { type ExchangedTensor, put, type Slot, take } from './exchange.js'
import { exchangeDescriptor, type Hello, type Reply, type Request } from './protocol.js'

type Signature = Awaited<ReturnType<typeof TensorFlow.node.loadSavedModel>>

/** What of the package's backend its types do not have. */
interface NodeBackend {
  readonly binding: { readonly TF_Version: string }
  readonly isUsingGpuDevice: boolean
}

const [, , packageFolder = ''] = process.argv

// Ctrl-C reaches all processes of a terminal: what it means is for the engine's own to say.
process.on('SIGINT', () => {})

try {
  const tf = load()
  const { binding, isUsingGpuDevice } = tf.backend() as TensorFlow.KernelBackend & NodeBackend
  serve(tf)
  say({ ok: true, version: binding.TF_Version, isOnGpu: isUsingGpuDevice })
} catch (error) {
  say({ ok: false, message: messageOf(error) })
}

function load(): typeof TensorFlow {
  // Node 23 has removed these two, which tfjs-node 4.22 calls.
  const removed = { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value == null }
  for (const [name, value] of Object.entries(removed))
    if (!(name in util)) Object.assign(util, { [name]: value })
  return createRequire(import.meta.url)(packageFolder) as typeof TensorFlow
}

function serve(tf: typeof TensorFlow): void {
  const models = new Map<number, ReadonlyMap<string, Signature>>()
  let loaded = 0

  const calls = {
    async load(folder: string, names: readonly string[]): Promise<number> {
      const signatures = new Map<string, Signature>()
      for (const name of names) signatures.set(name, await tf.node.loadSavedModel(folder, ['serve'], name))
      models.set(++loaded, signatures)
      return loaded
    },
    run(model: number, name: string, feeds: readonly Slot[]): readonly Slot[] {
      const signature = models.get(model)?.get(name) as Signature
      const inputs = Object.fromEntries(
        feeds.map((slot) => {
          const { dtype, shape, data } = take(exchangeDescriptor, slot)
          return [slot.name, tf.tensor(data, [...shape], dtype)]
        }),
      )
      try {
        const outputs = signature.predict(inputs) as TensorFlow.NamedTensorMap
        return put(
          exchangeDescriptor,
          Object.entries(outputs).map(([key, tensor]) => [key, toHost(tensor)]),
        )
      } finally {
        for (const input of Object.values(inputs)) input.dispose()
      }
    },
    unload(model: number): null {
      for (const signature of models.get(model)?.values() ?? []) signature.dispose()
      models.delete(model)
      return null
    },
  }
  const answer = async (request: Request) => {
    if (request.call === 'load') return calls.load(request.folder, request.signatures)
    if (request.call === 'run') return calls.run(request.model, request.signature, request.feeds)
    return calls.unload(request.model)
  }
  process.on('message', async (request: Request) => {
    const reply = await answer(request).then(
      (result): Reply => ({ ok: true, result }),
      (error): Reply => ({ ok: false, message: messageOf(error) }),
    )
    say(reply)
  })
}

function toHost(tensor: TensorFlow.Tensor): ExchangedTensor {
  const { dtype, shape } = tensor
  const data = tensor.dataSync()
  tensor.dispose()
  // Graphs give no other types.
  return { dtype, shape, data } as ExchangedTensor
}

function say(message: Hello | Reply): void {
  process.send?.(message)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
