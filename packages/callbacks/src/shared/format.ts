import type { Logs } from '@convkit/core'

/** How a kind of value is written, and the width of its column. */
interface Format {
  readonly keys: RegExp
  readonly width: number
  readonly table: (value: number) => string
  /** The shorter form on a live bar. */
  readonly live: (value: number) => string
}

const decimals = (digits: number) => (value: number) => value.toFixed(digits)
const scientific = (value: number) => value.toExponential(1)

const formats: readonly Format[] = [
  { keys: /acc|auc|top\d|f1|precision|recall/i, width: 5, table: decimals(3), live: decimals(2) },
  { keys: /^lr$|learningRate/i, width: 7, table: scientific, live: scientific },
  { keys: /perSecond$/i, width: 5, table: formatRate, live: formatRate },
  { keys: /^seconds$|Seconds$/, width: 4, table: formatDuration, live: formatDuration },
]
const plain: Format = { keys: /^/, width: 6, table: plainNumber(4), live: plainNumber(3) }

const formatOf = (key: string): Format => formats.find(({ keys }) => keys.test(key)) ?? plain

/** The width of a value's column, label included. */
export function columnWidth(label: string, key: string): number {
  return Math.max(label.length, formatOf(key).width)
}

/** A logged value as the table or the live bar shows it; `–` where there is none. */
export function formatValue(
  key: string,
  value: number | undefined,
  place: 'table' | 'live' = 'table',
): string {
  if (value === undefined) return '–'
  return Number.isFinite(value) ? formatOf(key)[place](value) : String(value)
}

/** `0:03`, `12:34`, `1:02:03` */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** `label value` pairs of those metrics that are logged. */
export function formatPairs(
  metrics: Readonly<Record<string, string>>,
  logs: Logs,
  place: 'table' | 'live',
): string[] {
  return Object.entries(metrics)
    .filter(([, key]) => key in logs)
    .map(([label, key]) => `${label} ${formatValue(key, logs[key], place)}`)
}

function formatRate(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toString()
}

/** As many decimals as the width of a number below 10 leaves, or powers of ten where these would show nothing. */
function plainNumber(digits: number) {
  return (value: number) => {
    const size = Math.abs(value)
    if (size !== 0 && (size < 10 ** -digits || size >= 1e5)) return value.toExponential(1)
    const before = Math.max(0, Math.floor(Math.log10(Math.max(1, size))))
    return value.toFixed(Math.max(0, digits - before))
  }
}
