import { dirname, extname } from 'node:path'
import type { DatasetFormatOptions } from '@convkit/core'
import type { ImageDataset } from '../dataset/define-dataset.js'
import { csvRows } from './csv-rows.js'
import type { OpenedData } from './data-report.js'
import { divided } from './divided.js'
import { type DecodingOptions, imageFiles } from './encoded-images.js'
import { requireFile } from './folder-layout.js'
import { jsonRows } from './json-rows.js'
import type { LabelColumns, LabelRow } from './label-row.js'
import { type LabelTable, labelTable } from './label-table.js'

export interface LabelFileOptions extends DatasetFormatOptions, DecodingOptions {
  /** Names of the columns, or keys, where they are none of the usual: path, label, split, weight. */
  readonly columns?: LabelColumns
  /** Between several labels in a cell of a CSV file; `|` by default. */
  readonly separator?: string
  /** Between columns; a comma, in `.tsv` files a tab, by default. */
  readonly delimiter?: string
  /** The folder that relative paths start from; that of the file by default. */
  readonly root?: string
  /** Whether paths may lead out of `root`: not by default, as a file from elsewhere could name any file of yours. */
  readonly allowOutside?: boolean
}

const kinds: ReadonlyMap<string, 'csv' | 'json lines'> = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.jsonl', 'json lines'],
  ['.ndjson', 'json lines'],
])

/** Whether a path is named like a file of labels. */
export const isLabelFile = (path: string) => kinds.has(extname(path).toLowerCase())

/**
 * Datasets from a CSV or JSON lines file: a row an image, with the columns path (also file_name, filename, file, image)
 * and label (labels, class), and where there are split (train; validation, val, valid or test) and weight, which says how
 * often an image is drawn compared to others. Relative paths start at the file's folder. Where any row has several labels
 * (`cat|dog`, in JSON a list), every image may have any number of them: the datasets have `targets`. No image is opened.
 *
 * @throws E_NOT_FOUND; E_LABELS naming line and value; E_ONE_CLASS, E_CLASSES (the validation rows have other classes),
 * E_OPTION.
 */
export async function labelFile(
  file: string,
  options: LabelFileOptions = {},
): Promise<OpenedData<ImageDataset>> {
  const { validation: wanted, seed, classes, root, allowOutside, ...others } = options
  const { columns: _columns, separator: _separator, delimiter: _delimiter, ...decoding } = others
  await requireFile(file)
  const place = (path: string) => ({ file: path, root: root ?? dirname(path), allowOutside, classes })
  const table = await labelTable(rowsOf(file, options), place(file))
  const datasetOf = ({ images }: Pick<LabelTable, 'images'>) => imageFiles({ ...images, ...decoding })
  const { skipped, warnings, held } = table
  const train = datasetOf(table)
  const source = { path: file, format: 'label file' }
  if (typeof wanted !== 'string') {
    const validation = held && datasetOf(held)
    const validationFrom = held && `${file} (${held.split})`
    return divided(
      source,
      { train, validation, validationFrom, skipped, warnings },
      { validation: wanted, seed },
    )
  }
  await requireFile(wanted)
  const other = await labelTable(rowsOf(wanted, options), {
    ...place(wanted),
    classes: train.classes,
    severalLabels: train.targets !== undefined,
  })
  const parts = { train, validation: datasetOf(other), validationFrom: wanted }
  return divided(source, { ...parts, skipped: [...skipped, ...other.skipped], warnings }, {})
}

function rowsOf(file: string, options: LabelFileOptions): AsyncIterable<LabelRow> {
  const { columns = {}, separator = '|', delimiter } = options
  const extension = extname(file).toLowerCase()
  if (kinds.get(extension) === 'json lines') return jsonRows(file, { columns })
  return csvRows(file, { columns, separator, delimiter: delimiter ?? (extension === '.tsv' ? '\t' : ',') })
}
