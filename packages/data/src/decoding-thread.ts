// What a thread of `threads/decoding-threads.ts` runs.

import { parentPort } from 'node:worker_threads'
import { ConvkitError } from '@convkit/core'
import { localDecoder } from './threads/local-decoder.js'
import { outbox } from './threads/outbox.js'
import { mostInMessage, type Reply, type Request } from './threads/protocol.js'

const decoder = localDecoder()
const send = outbox<Reply>((replies) => parentPort?.postMessage(replies), mostInMessage)

parentPort?.on('message', (requests: readonly Request[]) => {
  for (const request of requests) handle(request)
})
send({ ready: true })

async function handle(request: Request): Promise<void> {
  if ('release' in request) {
    decoder.release(request.release)
    return
  }
  const { id } = request
  try {
    send({ id, result: await answer(request) })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    send({ id, error: { message, ...(error instanceof ConvkitError && { code: error.code }) } })
  }
}

function answer(request: Exclude<Request, { release: number }>): Promise<unknown> {
  switch (request.call) {
    case 'header':
      return decoder.header(request.task)
    case 'cropFile':
      return decoder.cropFile(request.task)
    case 'cropPixels':
      return decoder.cropPixels(request.task)
  }
}
