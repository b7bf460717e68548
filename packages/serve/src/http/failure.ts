import { ConvkitError, type ErrorCode } from '@convkit/core'

/** What a client is told: with `error` a text, as the Open Inference Protocol has it. */
export interface Failure {
  readonly status: number
  readonly body: { readonly error: string; readonly code: ErrorCode }
}

/** The status of each code that is the client's or the moment's; any other is a fault of the server. */
const statuses: Readonly<Record<string, number>> = {
  E_IMAGE: 400,
  E_REQUEST: 400,
  E_NOT_FOUND: 404,
  E_LIMIT: 413,
  E_CONTENT_TYPE: 415,
  E_BUSY: 503,
  E_TIMEOUT: 503,
}

/** Fastify's own errors that clients meet, by their status. */
const requestCodes: Readonly<Record<number, ErrorCode>> = {
  404: 'E_NOT_FOUND',
  413: 'E_LIMIT',
  415: 'E_CONTENT_TYPE',
  503: 'E_BUSY',
}

/** What went wrong, for the client; what it has no part in is not told. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConvkitError && statuses[error.code] !== undefined) {
    return { status: statuses[error.code] as number, body: { error: error.message, code: error.code } }
  }
  const status = statusOf(error)
  if (error instanceof Error && status !== undefined && status < 500) {
    return { status, body: { error: error.message, code: requestCodes[status] ?? 'E_REQUEST' } }
  }
  return {
    status: 500,
    body: { error: 'The server failed; its log says why', code: 'E_INTERNAL' },
  }
}

function statusOf(error: unknown): number | undefined {
  const isHttp = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
  return isHttp ? Number(error.statusCode) : undefined
}
