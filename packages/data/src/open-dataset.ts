import { ConvkitError } from '@convkit/core'
import type { ImageDataset } from './dataset/define-dataset.js'
import type { OpenedData } from './formats/data-report.js'
import { requireFolder } from './formats/folder-layout.js'
import { idxFolder, isIdxFolder } from './formats/idx-folder.js'
import { type ImageFolderOptions, imageFolder } from './formats/image-folder.js'

/** Options for any kind of data; those that a kind has no use for are ignored. */
export interface OpenDatasetOptions extends ImageFolderOptions {
  /** Names of the classes of IDX files, whose labels are numbers. */
  readonly classes?: readonly string[]
}

/**
 * Opens what a path holds: a folder with the IDX files of MNIST, or a folder of class folders.
 *
 * @throws what `idxFolder` and `imageFolder` throw.
 */
export async function openDataset(
  path: string,
  options: OpenDatasetOptions = {},
): Promise<OpenedData<ImageDataset>> {
  await requireFolder(path)
  if (!(await isIdxFolder(path))) return imageFolder(path, options)
  const { validation, seed, classes, prefetch } = options
  if (typeof validation === 'string') {
    throw new ConvkitError(
      'E_OPTION',
      `validation must be a share between 0 and 1 for IDX files: ${validation}`,
    )
  }
  return idxFolder(path, { validation, seed, classes, prefetch })
}
