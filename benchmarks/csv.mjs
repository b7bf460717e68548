import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { arch, cpus, platform, totalmem } from 'node:os'
import { stringify } from 'csv-stringify/sync'

const folder = new URL('./results/', import.meta.url)

/**
 * Writes rows to results/<name>.csv, in the place of those that begin with the same `keys` values. Each ends with the
 * day and the machine, so that figures are not taken out of their context.
 */
export async function writeCsv(name, columns, rows, { keys = 1 } = {}) {
  const context = [new Date().toISOString().slice(0, 10), machine(), process.version]
  const header = stringify([[...columns, 'date', 'machine', 'node']])
  const key = (row) => stringify([row.slice(0, keys)]).trimEnd()
  const replaced = new Set(rows.map(key))
  const file = new URL(`${name}.csv`, folder)
  const [oldHeader, ...old] = await readFile(file, 'utf8').then(
    (text) => text.split(/^/m),
    () => [],
  )
  const kept =
    oldHeader === header ? old.filter((line) => ![...replaced].some((k) => line.startsWith(`${k},`))) : []
  await mkdir(folder, { recursive: true })
  await writeFile(file, header + kept.join('') + stringify(rows.map((row) => [...row, ...context])))
}

function machine() {
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${cpus()[0]?.model ?? arch()}; ${gigabytes} GB; ${platform()} ${arch()}`
}
