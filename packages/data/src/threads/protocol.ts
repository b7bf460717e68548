import type { ErrorCode } from '@convkit/core'
import type { Decoder } from './decoder.js'

/** The calls of a decoder that are answered. */
export type CallName = Exclude<keyof Decoder, 'release'>

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
  | { readonly id: number; readonly error: { readonly code?: ErrorCode; readonly message: string } }
