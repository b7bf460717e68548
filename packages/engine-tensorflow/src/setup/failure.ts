import { ConvkitError } from '@convkit/core'

/** One way to the binding that did not work, or the whole setup; the message says why and what to do. */
export const setupError = (message: string) => new ConvkitError('E_SETUP', message)

/** The reason of an error that another way may get around: a {@link setupError}, or the file system's. */
export function reasonOf(error: unknown): string {
  const isOfFileSystem = error instanceof Error && 'syscall' in error
  if (isOfFileSystem || (error instanceof ConvkitError && error.code === 'E_SETUP')) return error.message
  throw error
}
