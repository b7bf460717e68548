import { realpath } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { byCodePoint, folderEntries, listImages, type SkippedPath } from './list-images.js'

/** Images under `folder/<class>/**`. */
export interface ClassFolders {
  /** In code-point order. */
  readonly classes: readonly string[]
  readonly paths: readonly string[]
  /** The label of each path. */
  readonly labels: readonly number[]
  readonly skipped: readonly SkippedPath[]
}

export interface ClassFoldersOptions {
  readonly extensions?: readonly string[]
  /** Real path of a folder inside that is no class: where the validation images are. */
  readonly exclude?: string
}

/**
 * Lists the images of each class folder. Names are compared in Unicode's composed form (NFC), as file systems
 * differ in the form that they give back.
 *
 * @throws E_EMPTY_FOLDER, E_NO_CLASSES when nothing in the folder is a class.
 */
export async function readClassFolders(
  folder: string,
  options: ClassFoldersOptions = {},
): Promise<ClassFolders> {
  const { extensions, exclude } = options
  const entries = await folderEntries(folder)
  const real = await Promise.all(entries.folders.map((name) => realpath(join(folder, name))))
  const folders = entries.folders.filter((_, i) => real[i] !== exclude)
  if (folders.length === 0) throw noClasses(folder, entries.files.length)
  const label = (name: string) => name.normalize('NFC')
  const classes = [...new Set(folders.map(label))].sort(byCodePoint)
  const above = [await realpath(folder)]
  const skipped = [
    ...entries.skipped,
    ...entries.files.map((name) => ({ path: join(folder, name), reason: 'lies outside the class folders' })),
  ]
  const images: { path: string; label: number; key: string }[] = []
  for (const name of folders) {
    const listing = await listImages(join(folder, name), extensions, above)
    skipped.push(...listing.skipped)
    for (const path of listing.images)
      images.push({ path, label: classes.indexOf(label(name)), key: orderKey(folder, path) })
  }
  images.sort((a, b) => byCodePoint(a.key, b.key))
  return {
    classes,
    paths: images.map((image) => image.path),
    labels: images.map((image) => image.label),
    skipped,
  }
}

/** @throws E_ONE_CLASS, E_EMPTY_CLASS when a network cannot learn from the classes. */
export function requireTrainable(folder: string, { classes, labels }: ClassFolders): void {
  const [only] = classes
  if (classes.length === 1) {
    throw new ConvkitError(
      'E_ONE_CLASS',
      `${folder} has one class folder, ${only}: a classifier needs two or more, each with images of its own`,
    )
  }
  const filled = new Set(labels)
  const empty = classes.filter((_, label) => !filled.has(label))
  if (empty.length === 0) return
  throw new ConvkitError(
    'E_EMPTY_CLASS',
    `${folder} has no image for ${empty.join(', ')}: add images to the ${plural(empty.length, 'folder')} or remove ${empty.length > 1 ? 'them' : 'it'}`,
  )
}

function noClasses(folder: string, files: number): ConvkitError {
  if (files === 0) {
    return new ConvkitError(
      'E_EMPTY_FOLDER',
      `${folder} is empty: it needs a folder of images for each class`,
    )
  }
  const example = basename(folder)
  return new ConvkitError(
    'E_NO_CLASSES',
    `${folder} holds ${files} ${plural(files, 'file')} but no class folders: put the images of each class into a folder of its own, such as ${example}/cat and ${example}/dog`,
  )
}

/** What a path is ordered by: the same on every platform. */
const orderKey = (folder: string, path: string) =>
  relative(folder, path).normalize('NFC').split(sep).join('/')

const plural = (count: number, noun: string) => (count === 1 ? noun : `${noun}s`)
