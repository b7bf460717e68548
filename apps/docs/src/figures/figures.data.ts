import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'csv-parse/sync'

/** Rows of a file of results, by the names of its columns. */
export type Rows = readonly Readonly<Record<string, string>>[]

declare const data: Readonly<Record<string, Rows>>

export { data }

/** Every file of measured results, by its name: read when the site is built, copied nowhere. */
export default {
  watch: ['../../../../benchmarks/results/*.csv'],
  load(files: readonly string[]): Record<string, Rows> {
    const read = (file: string): Rows => parse(readFileSync(file, 'utf8'), { columns: true })
    return Object.fromEntries(files.map((file) => [basename(file, '.csv'), read(file)]))
  },
}
