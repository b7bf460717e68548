/** Codes that programs can switch on; the message is for people. */
export type ErrorCode = `E_${string}`

/**
 * The one error class of convkit. The message says what went wrong, where, with the value received,
 * and what to do about it; `code` is stable across versions.
 */
export class ConvkitError extends Error {
  override readonly name = 'ConvkitError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
