import type { ErrorCode, Inference } from '@convkit/core'
import type { ServedModel } from './backend.js'

// What a server and the process that its model is in say to each other.

interface Failure {
  readonly ok: false
  readonly code: ErrorCode
  readonly message: string
}

/** The process's first message. */
export type Hello =
  | { readonly ok: true; readonly model: ServedModel; readonly batchSizes: readonly number[] }
  | Failure

/** Images in; each message is answered by one {@link Reply}, in order. */
export type Request = Uint8Array

export type Reply = { readonly ok: true; readonly inference: Inference } | Failure
