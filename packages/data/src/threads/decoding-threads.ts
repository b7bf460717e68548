import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ConvkitError } from '@convkit/core'
import type { Decoder } from './decoder.js'
import { localDecoder } from './local-decoder.js'
import { outbox } from './outbox.js'
import { type CallName, mostInMessage, type Reply, type Request, type SentError } from './protocol.js'

/** More threads than this would wait for the one that hands out work. */
const mostThreads = 16

/** Threads that decode, as many as there are cores. */
export const threadCount = Math.min(mostThreads, availableParallelism())

let threads: Promise<readonly DecodingThread[]> | undefined

/**
 * The decoder that has least to do: a thread, all of which start at the first use, or this one where none does. Threads end
 * with the process and do not keep it alive. What is opened by one is only known to that one.
 */
export async function nextDecoder(): Promise<Decoder> {
  threads ??= startThreads()
  const started = await threads
  return started
    .filter(({ isRunning }) => isRunning())
    .reduce<Decoder & { pending(): number }>(
      (idlest, thread) => (thread.pending() < idlest.pending() ? thread : idlest),
      { ...here(), pending: () => Number.POSITIVE_INFINITY },
    )
}

let local: Decoder | undefined
const here = () => {
  local ??= localDecoder()
  return local
}

/** A decoder in a thread. */
interface DecodingThread extends Decoder {
  /** How many calls it has not answered. */
  pending(): number
  /** False once it has ended, which it does by itself only where it runs out of memory. */
  isRunning(): boolean
}

async function startThreads(): Promise<readonly DecodingThread[]> {
  const started = await Promise.all(Array.from({ length: threadCount }, startThread))
  return started.filter((thread) => thread !== undefined)
}

/** Beside this file in a build. Sources, which Node does not run, use the one that was built. */
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/decoding-thread.js' : './decoding-thread.js',
  import.meta.url,
)

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

/** Memory that goes to the thread with a task: bytes of a file that are not in a file of their own. */
function giftsOf(request: Request): ArrayBuffer[] {
  if ('release' in request || !('source' in request.task)) return []
  const { source } = request.task
  return 'bytes' in source ? [source.bytes.buffer] : []
}

const errorOf = ({ code, message }: SentError) =>
  code ? new ConvkitError(code, message) : new Error(message)

/** Undefined where the thread does not start: in a bundle that its file is not part of, for one. */
function startThread(): Promise<DecodingThread | undefined> {
  // Without Node's options for this process, such as that its input is a module
  const worker = new Worker(threadFile, { execArgv: [] })
  const waiting = new Map<number, Waiting>()
  let calls = 0
  let hasEnded = false
  const send = outbox<Request>(
    (requests) => worker.postMessage(requests, requests.flatMap(giftsOf)),
    mostInMessage,
  )
  const settle = (id: number, settled: (call: Waiting) => void) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
    if (call) settled(call)
  }
  const ask = <Result>(call: CallName, task: Parameters<Decoder[CallName]>[0]) =>
    new Promise<Result>((resolve, reject) => {
      const id = calls++
      send({ id, call, task } as Request)
      if (waiting.size === 0) worker.ref()
      waiting.set(id, { resolve: (result) => resolve(result as Result), reject })
    })
  const thread: DecodingThread = {
    pending: () => waiting.size,
    isRunning: () => !hasEnded,
    header: (task) => ask('header', task),
    cropFile: (task) => ask('cropFile', task),
    cropPixels: (task) => ask('cropPixels', task),
    release: (ticket) => send({ release: ticket }),
  }
  const end = (error: Error) => {
    hasEnded = true
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error))
  }
  return new Promise((resolve) => {
    worker.on('message', (replies: readonly Reply[]) => {
      for (const reply of replies) {
        if ('ready' in reply) {
          worker.unref()
          resolve(thread)
        } else if ('error' in reply) settle(reply.id, ({ reject }) => reject(errorOf(reply.error)))
        else settle(reply.id, (call) => call.resolve(reply.result))
      }
    })
    worker.on('error', (error) => {
      end(error)
      resolve(undefined)
    })
    worker.on('exit', (code) => {
      end(new Error(`A thread that decodes images has ended with code ${code}`))
      resolve(undefined)
    })
  })
}
