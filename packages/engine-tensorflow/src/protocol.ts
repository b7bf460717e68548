import type { Slot } from './exchange.js'

// What the engine and the process that TensorFlow runs in say to each other.

/** The runner's descriptor of the exchange file: 0 to 2 are the standard streams, and 3 is the channel. */
export const exchangeDescriptor = 4

/** The runner's first message: TensorFlow's version and whether it has a GPU, or why it does not load. */
export type Hello =
  | { readonly ok: true; readonly version: string; readonly isOnGpu: boolean }
  | { readonly ok: false; readonly message: string }

/** What the runner is asked, and what it answers. */
export interface Calls {
  /** Loads the SavedModel in a folder, which is not needed any more then; the result is a number for it. */
  load: { request: { readonly folder: string; readonly signatures: readonly string[] }; reply: number }
  /** Runs a signature; values are in the exchange file. */
  run: {
    request: { readonly model: number; readonly signature: string; readonly feeds: readonly Slot[] }
    reply: readonly Slot[]
  }
  /** Frees a model with its variables. */
  unload: { request: { readonly model: number }; reply: null }
}

export type CallName = keyof Calls

export type Request = { [K in CallName]: { readonly call: K } & Calls[K]['request'] }[CallName]

export type Reply =
  | { readonly ok: true; readonly result: Calls[CallName]['reply'] }
  | { readonly ok: false; readonly message: string }
