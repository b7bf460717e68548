import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConvkitError } from '@convkit/graph'
import * as v from 'valibot'
import { withDiskSpace } from './disk-space.js'
import { writeSynced } from './write-file.js'

/** Files of a folder by name. */
export type FolderFiles = ReadonlyMap<string, Uint8Array>

const manifestName = 'manifest.json'
const manifestSchema = v.object({
  files: v.record(v.string(), v.object({ bytes: v.number(), sha256: v.string() })),
})

/** Where the folder that is being replaced waits until the new one has its name. */
export const previousSuffix = '.previous'

/** Between a folder's name and the process that writes it. */
export const temporaryInfix = '.tmp-'

/**
 * Writes a folder so that a kill at any moment leaves either the old one or the new one complete: into a temporary
 * folder, synced, with a manifest of sha256 sums, then renamed. Replaces a folder that is there.
 *
 * @throws E_DISK_FULL; the old folder is whole then.
 */
export async function writeFolderAtomically(folder: string, files: FolderFiles): Promise<void> {
  const temporary = `${folder}${temporaryInfix}${process.pid}`
  const sums = [...files].map(
    ([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }] as const,
  )
  const manifest = new TextEncoder().encode(
    `${JSON.stringify({ files: Object.fromEntries(sums) }, null, 2)}\n`,
  )
  const all = [...files, [manifestName, manifest] as const]
  await removeLeftovers(folder)
  try {
    const bytes = all.reduce((sum, [, { length }]) => sum + length, 0)
    await withDiskSpace(folder, bytes, async () => {
      await mkdir(temporary, { recursive: true })
      for (const [name, contents] of all) await writeSynced(join(temporary, name), contents)
      await syncFolder(temporary)
    })
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {})
    throw error
  }
  await takePlace(temporary, folder)
}

/** Renames a complete folder to its name; until then the one that is there is whole, under its own name or the previous one. */
async function takePlace(temporary: string, folder: string): Promise<void> {
  const previous = folder + previousSuffix
  // A kill between the renames below has left the whole folder under the previous name only.
  if (await isThere(folder)) {
    await rm(previous, { recursive: true, force: true })
    await rename(folder, previous)
  }
  await rename(temporary, folder)
  await syncFolder(dirname(folder))
  await rm(previous, { recursive: true, force: true })
}

/** What writers that were killed have left behind. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(dirname(folder)).catch(() => [])
  const left = names.filter((name) => name.startsWith(`${basename(folder)}${temporaryInfix}`))
  for (const name of left) await rm(join(dirname(folder), name), { recursive: true, force: true })
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
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
