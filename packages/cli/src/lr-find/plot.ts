export interface PlotOptions {
  /** Characters across and down; 60 and 12 by default. */
  readonly width?: number
  readonly height?: number
  /** Which value is marked. */
  readonly marked?: number | undefined
}

/** A curve in characters: values from left to right, the largest and the least of them named at the left. */
export function plot(values: readonly number[], options: PlotOptions = {}): string {
  const { height = 12, marked } = options
  const width = Math.min(options.width ?? 60, values.length)
  const columnOf = (at: number) => Math.floor((at * width) / Math.max(1, values.length))
  const columns = Array.from({ length: width }, (_, column) => {
    const own = values.filter((_, at) => columnOf(at) === column)
    return own.reduce((sum, value) => sum + value, 0) / own.length
  })
  const [least, most] = [Math.min(...columns), Math.max(...columns)]
  const rowOf = (value: number) => Math.round(((most - value) / (most - least || 1)) * (height - 1))
  const markedColumn = marked === undefined ? -1 : columnOf(marked)
  const rows = Array.from({ length: height }, (_, row) =>
    columns
      .map((value, column) => (rowOf(value) !== row ? ' ' : column === markedColumn ? '●' : '·'))
      .join('')
      .trimEnd(),
  )
  const names = rows.map((_, row) =>
    row === 0 ? most.toFixed(3) : row === height - 1 ? least.toFixed(3) : '',
  )
  const margin = Math.max(...names.map((name) => name.length))
  return rows.map((row, at) => `${(names[at] ?? '').padStart(margin)} │${row}`).join('\n')
}
