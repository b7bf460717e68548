import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { withDiskSpace, writeFileAtomically } from '@convkit/core/node'

/** What an export consists of: one file, or a folder of files by their paths in it. */
export type ExportedFiles = Uint8Array | ReadonlyMap<string, Uint8Array>

/**
 * Writes an export beside its place, lets `check` look at it there, and moves it to its place when that has found
 * nothing wrong. An export that is there is replaced.
 *
 * @throws E_OUTPUT when there is something else at the place, or it cannot be written; what `check` throws.
 */
export async function writeChecked<T>(
  path: string,
  files: ExportedFiles,
  check: (path: string) => Promise<T>,
): Promise<T> {
  await requireReplaceable(path, files)
  const temporary = `${path}.tmp-${process.pid}`
  try {
    await write(temporary, files)
    const found = await check(temporary)
    await rm(path, { recursive: true, force: true })
    await rename(temporary, path)
    return found
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Bytes of all files. */
export function sizeOfFiles(files: ExportedFiles): number {
  if (files instanceof Uint8Array) return files.length
  return [...files.values()].reduce((sum, { length }) => sum + length, 0)
}

async function write(path: string, files: ExportedFiles): Promise<void> {
  try {
    if (files instanceof Uint8Array) return await writeFileAtomically(path, files)
    await withDiskSpace(path, sizeOfFiles(files), async () => {
      await mkdir(path, { recursive: true })
      for (const [name, contents] of files) await writeFileAtomically(join(path, name), contents)
    })
  } catch (error) {
    if (error instanceof ConvkitError) throw error
    throw new ConvkitError('E_OUTPUT', `${path} cannot be written: ${(error as Error).message}`)
  }
}

/** What is not an export of the same kind stays. */
async function requireReplaceable(path: string, files: ExportedFiles): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (!there) return
  const isFile = files instanceof Uint8Array
  if (isFile && there.isFile()) return
  const names = there.isDirectory() && !isFile ? await readdir(path) : undefined
  const own = isFile ? [] : [...files.keys()].map((name) => name.split('/')[0] as string)
  if (names && (names.length === 0 || names.some((name) => name === own[0]))) return
  throw new ConvkitError(
    'E_OUTPUT',
    `${path} is ${there.isDirectory() ? 'a folder with other files in it' : 'a file'}, which is not overwritten; name a new ${isFile ? 'file' : 'folder'} in ${dirname(path)}`,
  )
}
