import type { Terminal } from './terminal.js'

const width = 16

/** `━━━━━━━━━━╺━━━━━`: the part done (0 to 1) in front of the gap. */
export function bar(done: number, { green, dim }: Terminal['colors']): string {
  const full = Math.min(width, Math.floor(Math.max(0, done) * width))
  const rest = width - full
  return green('━'.repeat(full)) + (rest > 0 ? dim(`╺${'━'.repeat(rest - 1)}`) : '')
}

/** As many parts, from the left, as fit on a line, two spaces between them. `length` is a part's visible length. */
export function fitParts(parts: readonly { text: string; length: number }[], columns: number): string {
  const kept: string[] = []
  let used = 0
  for (const { text, length } of parts) {
    used += length + (kept.length > 0 ? 2 : 0)
    if (used >= columns) break
    kept.push(text)
  }
  return kept.join('  ')
}

/** Visible length of a bar. */
export const barWidth = width
