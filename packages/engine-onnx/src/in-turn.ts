import type { Runtime } from './runtime.js'

// One queue, for all engines of a page share one WebAssembly module.
let last: Promise<unknown> = Promise.resolve()

function next<T>(call: () => Promise<T>): Promise<T> {
  const result = last.then(call)
  last = result.catch(() => undefined)
  return result
}

/**
 * A runtime in which each call waits for the one before. While it waits for a GPU, onnxruntime-web takes no other call:
 * neither to create a session nor to run one.
 */
export function inTurn({ Tensor, InferenceSession }: Runtime): Runtime {
  return {
    Tensor,
    InferenceSession: {
      async create(model, options) {
        const session = await next(() => InferenceSession.create(model, options))
        return {
          run: (feeds, fetches) => next(() => session.run(feeds, fetches)),
          release: () => next(() => session.release()),
        }
      },
    },
  }
}
