import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError, type Dataset } from '@convkit/core'
import type { ImageDataset } from '../dataset/define-dataset.js'
import { splitDataset } from '../dataset/split.js'
import { type ClassFolders, readClassFolders, requireTrainable } from './class-folders.js'
import { type OpenedData, opened } from './data-report.js'
import { type DecodingOptions, imageFiles } from './encoded-images.js'
import { exists, folderLayout, requireFolder } from './folder-layout.js'

export interface ImageFolderOptions extends DecodingOptions {
  /**
   * The share of each class's images that is for validation, between 0 and 1; or a folder of class folders, relative
   * to the working directory or to the root. None by default, unless the root has a validation folder of its own.
   */
  readonly validation?: number | string
  /** Draws the validation images; 0 by default. */
  readonly seed?: number
  /** Endings of image files; jpg, jpeg, png, webp, gif, tif, tiff and avif by default. */
  readonly extensions?: readonly string[]
}

/**
 * Datasets from folders named by class: `root/<class>/**`, or `root/train/<class>/**` beside
 * `root/{validation,val,valid,test}/<class>/**`. Classes and images are in code-point order on every file system;
 * symbolic links are followed, hidden files left out. No image is opened: `checkImages` does that.
 *
 * @throws E_NOT_FOUND, E_NOT_A_FOLDER, E_EMPTY_FOLDER, E_NO_CLASSES, E_ONE_CLASS, E_EMPTY_CLASS, E_CLASSES (the
 * validation folder has other classes), E_OPTION.
 */
export async function imageFolder(
  root: string,
  options: ImageFolderOptions = {},
): Promise<OpenedData<ImageDataset>> {
  const { validation: wanted, seed = 0, extensions, ...fileOptions } = options
  await requireFolder(root)
  const layout = await folderLayout(root)
  const validationFolder = typeof wanted === 'string' ? await findValidation(wanted, root) : layout.validation
  const exclude = validationFolder && (await realpath(validationFolder))
  const trained = await readClassFolders(layout.train, { extensions, exclude })
  requireTrainable(layout.train, trained)
  const images = imageFiles({ ...trained, ...fileOptions })
  const source = { path: root, format: 'image folder' } as const
  const { skipped } = trained

  if (validationFolder) {
    const held = await readClassFolders(validationFolder, { extensions })
    const validation = imageFiles({ ...relabelled(held, validationFolder, trained), ...fileOptions })
    const warnings = missingClasses(validation, validationFolder)
    if (typeof wanted === 'number' && wanted !== 0) {
      warnings.push(`validation ${wanted} has no effect: ${validationFolder} holds the validation images`)
    }
    const found = { validationFrom: validationFolder, skipped: [...skipped, ...held.skipped], warnings }
    return opened(source, { train: images, validation }, found)
  }
  if (typeof wanted !== 'number' || wanted === 0) return opened(source, { train: images }, { skipped })
  const validationFrom = { fraction: wanted, seed }
  return opened(source, splitDataset(images, wanted, seed), { validationFrom, skipped })
}

async function findValidation(folder: string, root: string): Promise<string> {
  const path = !(await exists(folder)) && (await exists(join(root, folder))) ? join(root, folder) : folder
  await requireFolder(path)
  return path
}

/** A validation folder's images under the labels of training. */
function relabelled(held: ClassFolders, folder: string, trained: ClassFolders) {
  if (held.paths.length === 0) {
    throw new ConvkitError(
      'E_EMPTY_FOLDER',
      `${folder} holds no image: it needs a folder of images for each class`,
    )
  }
  const extra = held.classes.filter((name) => !trained.classes.includes(name))
  if (extra.length > 0) {
    const missing = trained.classes.filter((name) => !held.classes.includes(name))
    throw new ConvkitError(
      'E_CLASSES',
      `${folder} has classes that training has not: ${extra.join(', ')}${missing.length > 0 ? `; and lacks ${missing.join(', ')}` : ''}. Name its folders like those for training`,
    )
  }
  const labels = held.labels.map((label) => trained.classes.indexOf(held.classes[label] as string))
  return { classes: trained.classes, paths: held.paths, labels }
}

function missingClasses({ classes, labels }: Dataset, folder: string): string[] {
  const present = new Set(Array.from(labels))
  const missing = classes.filter((_, label) => !present.has(label))
  return missing.length > 0 ? [`${folder} has no image of ${missing.join(', ')}`] : []
}
