import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConvkitError } from '@convkit/graph'

/** Codes of a write that found no room: the disk is full, or the user's share of it. */
const fullCodes: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT'])

/**
 * Writes `bytes` bytes at a path, if there is room for them.
 *
 * @throws E_DISK_FULL with the bytes needed and free, before anything is written where the disk says so in time.
 */
export async function withDiskSpace<T>(path: string, bytes: number, write: () => Promise<T>): Promise<T> {
  const free = await freeBytes(path)
  if (free !== undefined && free < bytes) throw diskFull(path, bytes, free)
  try {
    return await write()
  } catch (error) {
    if (!fullCodes.has((error as NodeJS.ErrnoException).code)) throw error
    throw diskFull(path, bytes, await freeBytes(path), error)
  }
}

function diskFull(path: string, bytes: number, free: number | undefined, cause?: unknown): ConvkitError {
  return new ConvkitError(
    'E_DISK_FULL',
    `The disk is full: ${path} needs ${bytes} bytes, and ${free ?? 'too few'} are free; make room there. What was written before is whole`,
    { cause },
  )
}

/** Bytes that a user may still write where a path is or will be; undefined where the file system does not say. */
async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize, blocks } = await statfs(path)
    return blocks > 0 ? bavail * bsize : undefined
  } catch {
    const parent = dirname(path)
    return parent === path ? undefined : freeBytes(parent)
  }
}
