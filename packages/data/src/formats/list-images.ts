import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** Image files that sharp's prebuilt libvips reads. */
export const imageExtensions: readonly string[] = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif']

/** A file or folder that was passed over. */
export interface SkippedPath {
  readonly path: string
  readonly reason: string
}

/** What one folder holds: names in code-point order, whatever the file system's; hidden ones left out. */
export interface FolderEntries {
  readonly folders: readonly string[]
  readonly files: readonly string[]
  readonly skipped: readonly SkippedPath[]
}

/** Orders texts by code point: as UTF-16 does, but that surrogates come after all other units. */
export function byCodePoint(a: string, b: string): number {
  const rank = (unit: number) => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit)
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** The entries of a folder, symbolic links followed. */
export async function folderEntries(folder: string): Promise<FolderEntries> {
  const folders: string[] = []
  const files: string[] = []
  const skipped: SkippedPath[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => byCodePoint(a.name, b.name))) {
    if (isHidden(entry.name)) continue
    const kind = await kindOf(entry, join(folder, entry.name))
    if (kind === 'folder') folders.push(entry.name)
    else if (kind === 'file') files.push(entry.name)
    else skipped.push({ path: join(folder, entry.name), reason: kind })
  }
  return { folders, files, skipped }
}

/** Hidden files, and what macOS adds to archives. */
const isHidden = (name: string) => name.startsWith('.') || name === '__MACOSX'

async function kindOf(entry: Dirent, path: string): Promise<string> {
  if (entry.isDirectory()) return 'folder'
  if (entry.isFile()) return 'file'
  if (!entry.isSymbolicLink()) return 'is neither a file nor a folder'
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    const isLoop = error instanceof Error && 'code' in error && error.code === 'ELOOP'
    return isLoop ? 'is a link in a loop' : 'is a broken link'
  }
}

export interface ImageListing {
  readonly images: readonly string[]
  /** Files that are no images by their extension, broken links, loops. */
  readonly skipped: readonly SkippedPath[]
}

/**
 * The image files under a folder at any depth, folder by folder. Symbolic links are followed, and
 * one that leads back to a folder above it, or to one of the real paths `above`, is skipped.
 */
export async function listImages(
  folder: string,
  extensions: readonly string[] = imageExtensions,
  above: readonly string[] = [],
): Promise<ImageListing> {
  const isImage = new Set(extensions.map((extension) => `.${extension.replace(/^\./, '').toLowerCase()}`))
  const images: string[] = []
  const skipped: SkippedPath[] = []
  const visit = async (path: string, ancestors: readonly string[]) => {
    const real = await realpath(path)
    if (ancestors.includes(real)) {
      skipped.push({ path, reason: 'is a link in a loop' })
      return
    }
    const entries = await folderEntries(path)
    skipped.push(...entries.skipped)
    for (const name of entries.files) {
      const file = join(path, name)
      if (isImage.has(extname(name).toLowerCase())) images.push(file)
      else skipped.push({ path: file, reason: 'is not an image by its extension' })
    }
    for (const name of entries.folders) await visit(join(path, name), [...ancestors, real])
  }
  await visit(folder, above)
  return { images, skipped }
}
