import { readFileSync, type Stats, statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { type ImageOptions, megapixelLimit } from './open-image.js'
import { unreadable } from './unreadable.js'

/** Where the bytes of an image file are, and what messages call it. */
export interface ImageSource {
  readonly name: string
  /** Of the file that holds this image and nothing else. */
  readonly file?: string
  /** @throws E_IMAGE when there are none. */
  bytes(): Uint8Array | Promise<Uint8Array>
}

/** A path, or the bytes of a file. */
export type ImageInput = string | Uint8Array

/** The source of a path or of bytes. */
export function sourceOf(input: ImageInput, options: ImageOptions = {}): ImageSource {
  return typeof input === 'string' ? fileSource(input, options) : { name: 'The image', bytes: () => input }
}

/** An image file, read when its bytes are asked for. */
export function fileSource(path: string, options: ImageOptions = {}): ImageSource {
  return { name: path, file: path, bytes: () => readImageFile(path, options) }
}

/** An image file that is read while everything else in this thread waits, which takes a quarter of the work. */
export function blockingFileSource(path: string, options: ImageOptions = {}): ImageSource {
  return { name: path, file: path, bytes: () => readImageFileBlocking(path, options) }
}

/** The source with its bytes in memory. @throws E_IMAGE when there are none. */
export async function loaded(source: ImageSource): Promise<ImageSource> {
  const bytes = await source.bytes()
  if (bytes.length === 0) throw unreadable(source, 'is empty')
  return { ...source, bytes: () => bytes }
}

/** @throws E_IMAGE when a file has more bytes than an image of so many pixels can have. */
export function requireImageSize(
  source: { readonly name: string },
  bytes: number,
  options: ImageOptions,
): void {
  // Uncompressed, 16 bits in four channels: what is larger is no image, or one with too many pixels.
  const limit = 8e6 * megapixelLimit(options) + 2 ** 24
  if (bytes <= limit) return
  throw unreadable(
    source,
    `has ${Math.round(bytes / 2 ** 20)} MB, more than an image of ${megapixelLimit(options)} megapixels can have`,
  )
}

async function readImageFile(path: string, options: ImageOptions): Promise<Uint8Array> {
  try {
    requireImageFile(path, await stat(path), options)
    return await readFile(path)
  } catch (error) {
    throw unreadableFile(path, error)
  }
}

function readImageFileBlocking(path: string, options: ImageOptions): Uint8Array {
  try {
    requireImageFile(path, statSync(path), options)
    return readFileSync(path)
  } catch (error) {
    throw unreadableFile(path, error)
  }
}

function requireImageFile(name: string, file: Stats, options: ImageOptions): void {
  if (file.isDirectory()) throw unreadable({ name }, 'is a folder')
  requireImageSize({ name }, file.size, options)
}

/** Why a file cannot be read, in words. */
function unreadableFile(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('E_')) return error
  if (code === 'ENOENT' || code === 'ENOTDIR') return unreadable({ name }, 'is missing', error)
  if (code === 'EACCES' || code === 'EPERM') return unreadable({ name }, 'cannot be read (permission)', error)
  return unreadable({ name }, `cannot be read (${code})`, error)
}
