import { extname } from 'node:path'
import { ConvkitError, type DatasetFormatOptions } from '@convkit/core'
import type { ImageDataset } from '../dataset/define-dataset.js'
import type { Blocks } from '../dataset/image-order.js'
import { availableMemory } from '../images/decoded-cache.js'
import type { ImageSource } from '../images/image-source.js'
import { unreadable } from '../images/unreadable.js'
import { type ClassNames, classNames } from './class-names.js'
import type { OpenedData } from './data-report.js'
import { divided } from './divided.js'
import { dividedShards } from './divided-shards.js'
import { type DecodingOptions, encodedImages } from './encoded-images.js'
import { isFolder } from './folder-layout.js'
import { folderEntries } from './list-images.js'
import { openParquet, type ParquetColumns, type ParquetFile } from './parquet-file.js'
import { type RowGroups, rowGroups } from './row-groups.js'

export interface ParquetOptions extends DatasetFormatOptions, DecodingOptions {
  /** Names of the columns, where they are none of the usual: image, label. */
  readonly columns?: ParquetColumns
  /** Bytes of row groups kept in memory; an eighth of what is free by default. */
  readonly maxBytes?: number
}

const extension = '.parquet'

/** Whether a path is named like a Parquet file, or is a folder that holds some. */
export async function isParquet(path: string): Promise<boolean> {
  if (!(await isFolder(path))) return extname(path).toLowerCase() === extension
  const { files } = await folderEntries(path)
  return files.some((name) => extname(name).toLowerCase() === extension)
}

/**
 * Datasets from Parquet files as Hugging Face's datasets have them: one file, a range, or a folder of them; files with
 * `val`, `validation`, `valid` or `test` in their name are for validation. Footers and labels are read at once, a row
 * group with its images when one of them is used. Where all images do not fit into `maxBytes`, a shuffled order is one of row
 * groups, as many mixed with each other as fit, so that each is read once an epoch.
 *
 * @throws E_NOT_FOUND, E_PARQUET, E_ONE_CLASS, E_OPTION.
 */
export async function parquet(path: string, options: ParquetOptions = {}): Promise<OpenedData<ImageDataset>> {
  const {
    validation: wanted,
    seed,
    classes: given,
    columns = {},
    maxBytes = availableMemory() / 8,
    ...decoding
  } = options
  const shards = await dividedShards(path, extension, wanted)
  const open = (names: readonly string[]) => Promise.all(names.map((name) => openParquet(name, columns)))
  const [trained, held] = [await open(shards.train), await open(shards.validation)]
  const names = classNames(
    trained.flatMap(({ labels }) => labels),
    given ?? trained[0]?.classes,
  )
  const [only] = names.classes
  if (only === undefined) throw new ConvkitError('E_PARQUET', `${path} has no rows`)
  if (names.classes.length === 1)
    throw new ConvkitError('E_ONE_CLASS', `${path} has one label, ${only}: a classifier needs two or more`)
  const groups = rowGroups(maxBytes)
  const parts = {
    train: datasetOf(trained, names, groups, { ...decoding, maxBytes }),
    validation: held.length > 0 ? datasetOf(held, names, groups, { ...decoding, maxBytes }) : undefined,
    validationFrom: shards.validationFrom,
  }
  return divided({ path, format: 'parquet' }, parts, { validation: wanted, seed })
}

function datasetOf(
  files: readonly ParquetFile[],
  { classes, indexOf }: ClassNames,
  groups: RowGroups,
  { maxBytes, ...decoding }: DecodingOptions & { readonly maxBytes: number },
): ImageDataset {
  const rows = files.flatMap((file) => file.labels.map((label, row) => ({ file, label, row })))
  const blocks = blocksOf(files, maxBytes)
  const at = (index: number) => rows[index] as (typeof rows)[number]
  const path = (index: number) => `${at(index).file.name}[${at(index).row}]`
  return encodedImages({
    ...decoding,
    classes,
    labels: rows.map(({ label }, index) => {
      const found = indexOf(label)
      if (found !== undefined) return found
      const known = classes.slice(0, 10).join(', ')
      throw new ConvkitError(
        'E_PARQUET',
        `${path(index)} has the label ${label}, and the classes are ${known}`,
      )
    }),
    ...(blocks && { blocks }),
    path,
    source(index): ImageSource {
      const { file, row } = at(index)
      const source = { name: path(index) }
      return {
        ...source,
        async bytes() {
          const image = await groups.image(file, row).catch((error: Error) => {
            throw unreadable(source, `cannot be read with its row group (${error.message})`, error)
          })
          if (!image) throw unreadable(source, 'is null')
          return image
        },
      }
    },
  })
}

/** Row groups as blocks of images; undefined where memory holds all of them. */
function blocksOf(files: readonly ParquetFile[], maxBytes: number): Blocks | undefined {
  const starts: number[] = []
  let rows = 0
  for (const { groupStarts } of files) {
    for (const start of groupStarts.slice(0, -1)) starts.push(rows + start)
    rows += groupStarts.at(-1) as number
  }
  const largest = Math.max(...files.map(({ groupBytes }) => groupBytes))
  // Those ahead are loaded while the last of those before are still used
  const atOnce = Math.max(1, Math.floor(maxBytes / (2 * largest)))
  if (starts.length * largest <= maxBytes) return undefined
  return { of: (index) => starts.findLastIndex((start) => start <= index), atOnce }
}
