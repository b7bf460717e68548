import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { folderEntries, imageExtensions } from './list-images.js'
import { validationNames } from './split-name.js'

/** Where the images of each part are: class folders in `train`, and in `validation` if there is such a folder. */
export interface FolderLayout {
  readonly train: string
  readonly validation?: string
}

/**
 * Tells `root/train/<class>` from `root/<class>`: a folder `train` that holds folders and no images is a part of
 * the data, and else a class that happens to have this name.
 */
export async function folderLayout(root: string): Promise<FolderLayout> {
  const { folders } = await folderEntries(root)
  if (!folders.includes('train')) return { train: root }
  const train = join(root, 'train')
  const inside = await folderEntries(train)
  const holdsImages = inside.files.some((name) =>
    imageExtensions.includes(extname(name).slice(1).toLowerCase()),
  )
  if (inside.folders.length === 0 || holdsImages) return { train: root }
  const validation = validationNames.find((name) => folders.includes(name))
  return { train, validation: validation && join(root, validation) }
}

/** @throws E_NOT_FOUND, E_NOT_A_FOLDER. */
export async function requireFolder(path: string): Promise<void> {
  if (!(await exists(path))) {
    throw new ConvkitError(
      'E_NOT_FOUND',
      `There is no folder ${path}: check the path, relative to ${process.cwd()}`,
    )
  }
  if ((await stat(path)).isDirectory()) return
  throw new ConvkitError(
    'E_NOT_A_FOLDER',
    `${path} is a file: give the folder that holds a folder for each class`,
  )
}

/** @throws E_NOT_FOUND, E_NOT_A_FILE. */
export async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found) {
    throw new ConvkitError(
      'E_NOT_FOUND',
      `There is no file ${path}: check the path, relative to ${process.cwd()}`,
    )
  }
  if (!found.isDirectory()) return
  throw new ConvkitError('E_NOT_A_FILE', `${path} is a folder: give the file itself`)
}

/** Whether a path is that of a folder, symbolic links followed. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/** Whether there is something at a path, symbolic links followed. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
