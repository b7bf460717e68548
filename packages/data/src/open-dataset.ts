import { ConvkitError, type DatasetFormat } from '@convkit/core'
import type { ImageDataset } from './dataset/define-dataset.js'
import type { OpenedData } from './formats/data-report.js'
import { divided } from './formats/divided.js'
import { requireFolder } from './formats/folder-layout.js'
import type { ImageFolderOptions } from './formats/image-folder.js'
import type { LabelFileOptions } from './formats/label-file.js'
import { formats as builtIn } from './formats.js'

/** Options for any kind of data; those that a kind has no use for are ignored. */
export interface OpenDatasetOptions
  extends ImageFolderOptions,
    Omit<LabelFileOptions, keyof ImageFolderOptions> {
  /** The name of the format, where a path could be of several; the one that recognizes it by default. */
  readonly format?: string
}

/**
 * Opens what a path holds, in the last of the formats that recognizes it: `registry.datasets.values()`, or those of
 * this package alone.
 *
 * @throws E_NOT_FOUND, E_NOT_A_FOLDER when no format recognizes the path; E_OPTION for a format that is not there; and
 * what the format throws.
 */
export async function openDataset(
  path: string,
  { format: name, ...options }: OpenDatasetOptions = {},
  formats: Iterable<DatasetFormat> = builtIn,
): Promise<OpenedData<ImageDataset>> {
  const known = [...formats]
  const format = name === undefined ? await recognized(path, known) : named(name, known)
  if (format) return divided({ path, format: format.name }, await format.open(path, options), options)
  await requireFolder(path)
  throw new ConvkitError('E_DATASET', `${path} is of no known format: ${listed(known)}`)
}

async function recognized(
  path: string,
  formats: readonly DatasetFormat[],
): Promise<DatasetFormat | undefined> {
  for (const format of [...formats].reverse()) if (await format.recognizes(path)) return format
  return undefined
}

function named(name: string, formats: readonly DatasetFormat[]): DatasetFormat {
  const found = formats.find((format) => format.name === name)
  if (found) return found
  throw new ConvkitError('E_OPTION', `There is no dataset format '${name}', only ${listed(formats)}`)
}

const listed = (formats: readonly DatasetFormat[]) => formats.map(({ name }) => name).join(', ')
