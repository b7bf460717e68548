import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConvkitError } from '@convkit/graph'
import * as v from 'valibot'

/** Files of a folder by name. */
export type FolderFiles = ReadonlyMap<string, Uint8Array>

const manifestName = 'manifest.json'
const manifestSchema = v.object({
  files: v.record(v.string(), v.object({ bytes: v.number(), sha256: v.string() })),
})

/** Where the folder that is being replaced waits until the new one has its name. */
export const previousSuffix = '.previous'

/**
 * Writes a folder so that a kill at any moment leaves either the old one or the new one complete: into a temporary
 * folder, synced, with a manifest of sha256 sums, then renamed. Replaces a folder that is there.
 */
export async function writeFolderAtomically(folder: string, files: FolderFiles): Promise<void> {
  const temporary = `${folder}.tmp-${process.pid}`
  const previous = folder + previousSuffix
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  const sums = [...files].map(
    ([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }] as const,
  )
  const manifest = new TextEncoder().encode(
    `${JSON.stringify({ files: Object.fromEntries(sums) }, null, 2)}\n`,
  )
  for (const [name, bytes] of [...files, [manifestName, manifest] as const])
    await writeSynced(join(temporary, name), bytes)
  await syncFolder(temporary)

  await rm(previous, { recursive: true, force: true })
  await rename(folder, previous).catch(ignoreMissing)
  await rename(temporary, folder)
  await syncFolder(dirname(folder))
  await rm(previous, { recursive: true, force: true })
}

/**
 * Reads a folder that {@link writeFolderAtomically} wrote, or the one it was replacing when it was killed.
 *
 * @throws E_CHECKPOINT when neither is complete.
 */
export async function readFolder(folder: string): Promise<FolderFiles> {
  try {
    return await readComplete(folder)
  } catch (error) {
    return await readComplete(folder + previousSuffix).catch(() => {
      throw error
    })
  }
}

async function readComplete(folder: string): Promise<FolderFiles> {
  const damaged = (problem: string) =>
    new ConvkitError('E_CHECKPOINT', `${folder} is not a complete checkpoint: ${problem}`)
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => {
    throw damaged(`it has no ${manifestName}`)
  })
  const manifest = v.safeParse(manifestSchema, safeJson(text))
  if (!manifest.success) throw damaged(`${manifestName} is damaged`)
  const files = new Map<string, Uint8Array>()
  for (const [name, { sha256: expected }] of Object.entries(manifest.output.files)) {
    const bytes = await readFile(join(folder, name)).catch(() => {
      throw damaged(`${name} is missing`)
    })
    if (sha256(bytes) !== expected) throw damaged(`${name} does not have the sha256 of the manifest`)
    files.set(name, bytes)
  }
  return files
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes renames durable; Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
