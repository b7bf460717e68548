import { constants, setPriority } from 'node:os'
import { ConvkitError } from '@convkit/core'
import type { Backend } from './backend.js'
import type { Hello, Reply, Request } from './protocol.js'

/**
 * Makes this process the one that `startModelProcess` has started: loads the model, then answers until the server
 * disposes of it or ends; of lower priority than the server, which else waits for a processor while all of them compute.
 * Signals are left to the server, which has them too when they reach all of a terminal.
 */
export async function answerServer(load: () => Promise<Backend>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  try {
    const backend = await load()
    process.on('message', async (images: Request) => {
      say(await backend.infer(images).then((inference): Reply => ({ ok: true, inference }), failure))
    })
    process.once('disconnect', () => backend.dispose())
    say({ ok: true, model: backend.model, batchSizes: backend.batchSizes })
  } catch (error) {
    say(failure(error))
    process.disconnect()
  }
}

function failure(error: unknown) {
  const { message } = error instanceof Error ? error : new Error(String(error))
  return {
    ok: false as const,
    code: error instanceof ConvkitError ? error.code : ('E_ENGINE' as const),
    message,
  }
}

function say(message: Hello | Reply): void {
  process.send?.(message)
}
