import { ConvkitError } from '@convkit/core'
import type { FastifyRequest } from 'fastify'
import type { ServeOptions } from '../options.js'
import { tooLarge } from './admitted.js'

/** An image file of a request. */
export interface ImageFile {
  /** As the client calls it; undefined of a body that is the image itself. */
  readonly name: string | undefined
  readonly bytes: Uint8Array
}

/**
 * The image files of a request: its parts, or its body.
 *
 * @throws E_REQUEST when there is none, E_LIMIT beyond the limits; `onFile` may refuse too.
 */
export async function imageFiles(
  request: FastifyRequest,
  { maxImages, maxBodyBytes }: Pick<ServeOptions, 'maxImages' | 'maxBodyBytes'>,
  onFile: (count: number) => void,
): Promise<ImageFile[]> {
  if (!request.isMultipart()) return [{ name: undefined, bytes: bodyOf(request) }]
  const files: ImageFile[] = []
  let room = maxBodyBytes
  try {
    for await (const part of request.files({ limits: { fileSize: maxBodyBytes } })) {
      if (files.length === maxImages) {
        throw new ConvkitError(
          'E_LIMIT',
          `A request may have ${maxImages} images at most; send the others in another`,
        )
      }
      onFile(files.length + 1)
      const bytes = await part.toBuffer()
      room -= bytes.length
      if (room < 0) throw tooLarge(maxBodyBytes)
      files.push({ name: part.filename, bytes })
    }
  } catch (error) {
    throw explained(error)
  }
  if (files.length === 0) {
    throw new ConvkitError(
      'E_REQUEST',
      'The form has no file; send images as files, such as curl -F image=@cat.jpg',
    )
  }
  return files
}

/** A body as its parser leaves it; none where a request has none. */
export function bodyOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array()
}

/** What the parser of forms says without a status is the form's fault. */
function explained(error: unknown): unknown {
  if (error instanceof ConvkitError || !(error instanceof Error) || 'statusCode' in error) return error
  return new ConvkitError('E_REQUEST', `The form cannot be read: ${error.message}`, { cause: error })
}
