import type { ErrorCode } from '@convkit/core'
import type { Decoder } from './decoder.js'

/** The calls of a decoder that are answered. */
export type CallName = Exclude<keyof Decoder, 'release'>

/** A message has several requests or replies: more in one would keep the other side waiting. */
export const mostInMessage = 4

/** What a thread is sent: a call, or a ticket to let go. */
export type Request =
  | {
      [Name in CallName]: {
        readonly id: number
        readonly call: Name
        readonly task: Parameters<Decoder[Name]>[0]
      }
    }[CallName]
  | { readonly release: number }

/** What it sends: `ready` once, then answers. */
export type Reply =
  | { readonly ready: true }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: SentError }

export interface SentError {
  readonly code?: ErrorCode
  readonly message: string
}
