import { ConvkitError } from '@convkit/core'
import { damageOf } from './image-format.js'
import type { ImageSource } from './image-source.js'

/** The error for an image that cannot be read; `reason` goes on from its name. */
export function unreadable(
  { name }: { readonly name: string },
  reason: string,
  cause?: unknown,
): ConvkitError {
  return new ConvkitError('E_IMAGE', `${name} ${reason}`, { cause })
}

export const isUnreadable = (error: unknown): error is ConvkitError =>
  error instanceof ConvkitError && error.code === 'E_IMAGE'

/** The reason in an error of {@link unreadable}: its message without the name of the image. */
export function reasonOf(path: string, error: ConvkitError): string {
  return error.message.startsWith(`${path} `) ? error.message.slice(path.length + 1) : error.message
}

/** Runs a decoder; what it throws becomes an E_IMAGE with a reason that a person understands. */
export async function explained<T>(source: ImageSource, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (cause) {
    if (cause instanceof ConvkitError) throw cause
    throw unreadable(source, damageOf(await source.bytes()), cause)
  }
}
