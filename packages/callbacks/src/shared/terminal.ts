import pc from 'picocolors'

/** Where a log goes: `process.stdout`, or a few lines in a test. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Variables such as `NO_COLOR` and `CI`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A stream that several callbacks write to, with at most one live line at its end. */
export interface Terminal {
  readonly colors: ReturnType<typeof pc.createColors>
  /** Whether {@link Terminal.live} shows anything. */
  readonly isLive: boolean
  readonly columns: number
  /** Set while someone prints a line for every epoch, so that nobody else does. */
  hasEpochLines: boolean
  /** Replaces the live line. */
  live(text: string): void
  /** Removes the live line. */
  clear(): void
  /** Prints a line that stays, above the live line. */
  line(text: string): void
}

const terminals = new WeakMap<Output, Terminal>()
const eraseLine = '\r\u001b[2K'

/**
 * The terminal of a stream, the same one for every caller. Colour needs a TTY and no `NO_COLOR`, or `FORCE_COLOR`;
 * a live line needs a TTY and no `CI`.
 */
export function terminalOf(output: Output = process.stdout, env: Environment = process.env): Terminal {
  const known = terminals.get(output)
  if (known) return known
  const isTerminal = output.isTTY === true && env.TERM !== 'dumb'
  const isLive = isTerminal && !env.CI
  let shown = false
  const clear = () => {
    if (shown) output.write(eraseLine)
    shown = false
  }
  const terminal: Terminal = {
    colors: pc.createColors(!env.NO_COLOR && (Boolean(env.FORCE_COLOR) || isTerminal)),
    isLive,
    get columns() {
      return output.columns ?? 80
    },
    hasEpochLines: false,
    live(text) {
      if (!isLive) return
      output.write(`${shown ? eraseLine : ''}${text}`)
      shown = true
    },
    clear,
    line(text) {
      clear()
      output.write(`${text}\n`)
    },
  }
  terminals.set(output, terminal)
  return terminal
}
