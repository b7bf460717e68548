import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError } from '@convkit/core'
import type { ImageDataset } from '../dataset/define-dataset.js'
import type { OpenedData } from './data-report.js'
import { divided } from './divided.js'
import { requireFolder } from './folder-layout.js'
import { type IdxOptions, idx } from './idx.js'

export interface IdxFolderOptions extends IdxOptions {
  /** The share of each class's training images that is for validation, where the folder has no `t10k` files. */
  readonly validation?: number
  /** Draws the validation images; 0 by default. */
  readonly seed?: number
}

interface IdxFiles {
  readonly images: string
  readonly labels: string
}

/**
 * Datasets from a folder with the files of MNIST and of data in its shape: `train-images-idx3-ubyte` and
 * `train-labels-idx1-ubyte` for training, and those that start with `t10k` for validation; also with `.gz`.
 *
 * @throws E_NOT_FOUND, E_NOT_A_FOLDER, E_IDX, E_OPTION; E_DATASET when a validation label is none of training.
 */
export async function idxFolder(
  root: string,
  options: IdxFolderOptions = {},
): Promise<OpenedData<ImageDataset>> {
  const { validation: fraction, seed, ...idxOptions } = options
  await requireFolder(root)
  const names = await readdir(root)
  const files = findPart(root, names, 'train')
  if (!files) {
    throw new ConvkitError(
      'E_IDX',
      `${root} lacks train-images-idx3-ubyte or train-labels-idx1-ubyte (or either with .gz)`,
    )
  }
  const source = { path: root, format: 'IDX' } as const
  const train = await idx(files.images, files.labels, idxOptions)
  const held = findPart(root, names, 't10k')
  const validation = held && (await idx(held.images, held.labels, { ...idxOptions, classes: train.classes }))
  const validationFrom = held?.images
  return divided(source, { train, validation, validationFrom }, { validation: fraction, seed })
}

/** Whether a folder holds training files in MNIST's naming. */
export async function isIdxFolder(root: string): Promise<boolean> {
  return findPart(root, await readdir(root).catch(() => []), 'train') !== undefined
}

function findPart(root: string, names: readonly string[], part: 'train' | 't10k'): IdxFiles | undefined {
  const find = (kind: string) =>
    names.find((name) => new RegExp(`^${part}-${kind}-ubyte(\\.gz)?$`).test(name))
  const [images, labels] = [find('images[-.]idx3'), find('labels[-.]idx1')]
  return images && labels ? { images: join(root, images), labels: join(root, labels) } : undefined
}
