import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { withDiskSpace } from './disk-space.js'

/**
 * Writes a file so that a kill at any moment leaves the old or the new one whole; its folder is made.
 *
 * @throws E_DISK_FULL.
 */
export async function writeFileAtomically(path: string, contents: string | Uint8Array): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}`
  const bytes = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents
  try {
    await withDiskSpace(path, bytes.length, async () => {
      await mkdir(dirname(path), { recursive: true })
      await writeSynced(temporary, bytes)
      await rename(temporary, path)
    })
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

/** Writes a file and waits until it is on the disk. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
