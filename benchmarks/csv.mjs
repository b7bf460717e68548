import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus } from 'node:os'
import { stringify } from 'csv-stringify/sync'

const folder = new URL('./results/', import.meta.url)

/** Writes results/<name>.csv; each row ends with the day and the machine, so that figures are not taken out of their context. */
export async function writeCsv(name, columns, rows) {
  const context = [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} × ${cpus()[0]?.model ?? arch()}`,
    process.version,
  ]
  await mkdir(folder, { recursive: true })
  const table = [[...columns, 'date', 'machine', 'node'], ...rows.map((row) => [...row, ...context])]
  await writeFile(new URL(`${name}.csv`, folder), stringify(table))
}
