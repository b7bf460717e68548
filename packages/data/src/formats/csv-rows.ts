import { createReadStream } from 'node:fs'
import type { ConvkitError } from '@convkit/core'
import { CsvError, parse } from 'csv-parse'
import { findColumns, type LabelColumns, type LabelRow, rowError, weightOf } from './label-row.js'

export interface CsvRowsOptions {
  readonly columns: LabelColumns
  /** Between columns. */
  readonly delimiter: string
  /** Between the labels of one cell. */
  readonly separator: string
}

/** More than a row of paths and labels has: a quote that is never closed ends here. */
const longestRow = 2 ** 20

interface Parsed {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/**
 * The rows of a CSV file with a header, one after the other: with or without a byte order mark, lines ended in any way.
 *
 * @throws E_LABELS naming the line of what is no CSV, a missing column, or a weight that is none.
 */
export async function* csvRows(
  file: string,
  { columns, delimiter, separator }: CsvRowsOptions,
): AsyncGenerator<LabelRow> {
  const options = { bom: true, info: true, skip_empty_lines: true, trim: true, max_record_size: longestRow }
  const source = createReadStream(file)
  const parser = parse({ ...options, delimiter })
  source.on('error', (error) => parser.destroy(error))
  const records: AsyncIterable<Parsed> = source.pipe(parser)
  let cellsOf: ((record: readonly string[]) => Cells) | undefined
  try {
    for await (const { record, info } of records) {
      const fail = (problem: string) => rowError(file, info.lines, problem)
      if (!cellsOf) {
        cellsOf = cellReader(record, columns, fail)
        continue
      }
      const { path, label, split, weight } = cellsOf(record)
      const labels = label
        .split(separator)
        .map((name) => name.trim())
        .filter((name) => name !== '')
      yield {
        line: info.lines,
        path,
        labels,
        split,
        weight: weight === undefined ? undefined : weightOf(weight, fail),
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw rowError(file, Number(error.lines ?? 0), `is no CSV: ${error.message}`, error)
  } finally {
    source.destroy()
  }
}

interface Cells {
  readonly path: string
  readonly label: string
  readonly split: string | undefined
  readonly weight: string | undefined
}

function cellReader(
  header: readonly string[],
  columns: LabelColumns,
  fail: (problem: string) => ConvkitError,
): (record: readonly string[]) => Cells {
  const names = findColumns(header, columns, fail)
  const cell = (record: readonly string[], name: string | undefined) =>
    name === undefined ? undefined : record[header.indexOf(name)]
  return (record) => ({
    path: cell(record, names.path) ?? '',
    label: cell(record, names.label) ?? '',
    split: cell(record, names.split),
    weight: cell(record, names.weight),
  })
}
