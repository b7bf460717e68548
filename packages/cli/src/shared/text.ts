/** `1,234,567` */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

/** `11.2 M`, `850 k`, `12` */
export function scaled(value: number): string {
  const units = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const
  const unit = units.find(([size]) => value >= size)
  if (!unit) return String(value)
  const [size, letter] = unit
  const short = value / size
  return `${short >= 100 ? Math.round(short) : short.toFixed(1)} ${letter}`
}

/** `1.5 MB`, in units of 1,024 */
export function inBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`
}

/** `3 images`, `1 image` */
export function counted(count: number, noun: string): string {
  const plural = noun.endsWith('s') ? `${noun}es` : `${noun}s`
  return `${grouped(count)} ${count === 1 ? noun : plural}`
}

/** At most `limit` of the texts, then how many more there are. */
export function listed(texts: readonly string[], limit: number): string {
  const rest = texts.length - limit
  return [...texts.slice(0, limit), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ')
}

/** Rows in columns, two spaces apart; columns in `left` are set to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return left.includes(column) ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export interface Fit {
  /** Of the table; 80 by default. */
  readonly width?: number
  /** Of the column, instead of what the others leave. */
  readonly columnWidth?: number
  /** Which end of a long cell is kept; its start by default. */
  readonly keep?: 'start' | 'end'
}

/** Rows whose table is at most so wide: one column's longest cells are cut off at a `…`. */
export function fitted(
  rows: readonly (readonly string[])[],
  column: number,
  { width = 80, columnWidth, keep = 'start' }: Fit = {},
): readonly (readonly string[])[] {
  const widest = (at: number) => Math.max(...rows.map((row) => row[at]?.length ?? 0))
  const others = (rows[0] ?? []).reduce((sum, _, at) => (at === column ? sum : sum + widest(at) + 2), 0)
  const room = Math.max(8, columnWidth ?? width - others)
  const cut = (cell: string) => {
    if (cell.length <= room) return cell
    return keep === 'start' ? `${cell.slice(0, room - 1)}…` : `…${cell.slice(1 - room)}`
  }
  return rows.map((row) => row.map((cell, at) => (at === column ? cut(cell) : cell)))
}
