import { access, constants, open, stat } from 'node:fs/promises'
import { ConvkitError } from '@convkit/core'
import type { ImageInput } from './open-image.js'

/** How messages name an input. */
export const nameOf = (input: ImageInput) => (typeof input === 'string' ? input : 'The image')

/** The error for an image that cannot be read; `reason` goes on from the file's name. */
export function unreadable(input: ImageInput, reason: string, cause?: unknown): ConvkitError {
  return new ConvkitError('E_IMAGE', `${nameOf(input)} ${reason}`, { cause })
}

export const isUnreadable = (error: unknown): error is ConvkitError =>
  error instanceof ConvkitError && error.code === 'E_IMAGE'

/** The reason in an error of {@link unreadable}: its message without the name of the image. */
export function reasonOf(path: string, error: ConvkitError): string {
  return error.message.startsWith(`${path} `) ? error.message.slice(path.length + 1) : error.message
}

/** Runs a decoder; what it throws becomes an E_IMAGE with a reason that a person understands. */
export async function explained<T>(input: ImageInput, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (cause) {
    if (cause instanceof ConvkitError) throw cause
    throw unreadable(input, (await fileReason(input)) ?? contentReason(await fileEnds(input)), cause)
  }
}

/** Reasons that the file system knows. */
async function fileReason(input: ImageInput): Promise<string | undefined> {
  if (typeof input !== 'string') return input.length === 0 ? 'is empty' : undefined
  try {
    const file = await stat(input)
    if (file.isDirectory()) return 'is a folder'
    if (file.size === 0) return 'is empty'
    await access(input, constants.R_OK)
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'is missing'
    if (code === 'EACCES' || code === 'EPERM') return 'cannot be read (permission)'
    return `cannot be read (${String(code)})`
  }
}

interface FileEnds {
  readonly size: number
  readonly head: Buffer
  readonly tail: Buffer
}

const endLength = 1024

async function fileEnds(input: ImageInput): Promise<FileEnds> {
  if (typeof input !== 'string') {
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.length)
    return { size: bytes.length, head: bytes.subarray(0, endLength), tail: bytes.subarray(-endLength) }
  }
  const file = await open(input)
  try {
    const { size } = await file.stat()
    const [head, tail] = [Buffer.alloc(Math.min(size, endLength)), Buffer.alloc(Math.min(size, endLength))]
    await file.read(head, 0, head.length, 0)
    await file.read(tail, 0, tail.length, size - tail.length)
    return { size, head, tail }
  } finally {
    await file.close()
  }
}

/** How files of each format begin, and whether one has its end. */
const formats: readonly { begins: (head: Buffer) => boolean; isWhole?: (ends: FileEnds) => boolean }[] = [
  {
    begins: (head) => head.readUIntBE(0, 3) === 0xffd8ff,
    isWhole: ({ tail }) => tail.includes(Buffer.of(0xff, 0xd9)),
  },
  {
    begins: (head) => head.toString('latin1', 1, 4) === 'PNG',
    isWhole: ({ tail }) => tail.includes('IEND'),
  },
  { begins: (head) => head.toString('latin1', 0, 4) === 'GIF8', isWhole: ({ tail }) => tail.at(-1) === 0x3b },
  {
    begins: (head) => head.toString('latin1', 8, 12) === 'WEBP',
    isWhole: ({ head, size }) => size >= head.readUInt32LE(4) + 8,
  },
  { begins: (head) => ['II*\0', 'MM\0*'].includes(head.toString('latin1', 0, 4)) },
  { begins: (head) => head.toString('latin1', 4, 8) === 'ftyp' },
]

/**
 * Why a decoder failed, from the file itself: libvips collects the messages of all threads in one place, so that they
 * can be those of another image.
 */
function contentReason(ends: FileEnds): string {
  const format = ends.size < 12 ? undefined : formats.find(({ begins }) => begins(ends.head))
  if (!format) return 'is not an image'
  return format.isWhole?.(ends) === false ? 'is truncated' : 'is damaged'
}
