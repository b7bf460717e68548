import type { Output, Terminal } from '@convkit/callbacks'
import { terminalOf } from '@convkit/callbacks'
import type { Host } from './host.js'

/** How a command talks: lines for people, one result for people or programs. */
export interface Report {
  readonly json: boolean
  readonly quiet: boolean
  readonly debug: boolean
  /** Where lines go: standard output, or standard error when that is for JSON. */
  readonly output: Output
  readonly terminal: Terminal
  /** `Data     photos: 412 images`; nothing when quiet. */
  line(label: string, text: string): void
  /** The same in yellow, on standard error, quiet or not. */
  warn(text: string): void
  /** What the command is for: an object as JSON, or the text that it is written as. */
  result(value: object, text: string): void
  /** Why there is no result, on standard error; as JSON besides when that was asked for. */
  failure(reason: {
    readonly label?: string
    readonly code: string
    readonly message: string
    readonly stack?: string
  }): void
}

const labelWidth = 8

export function createReport(host: Host, argv: readonly string[]): Report {
  const [json, quiet, debug] = ['--json', '--quiet', '--debug'].map((flag) => argv.includes(flag)) as [
    boolean,
    boolean,
    boolean,
  ]
  const output = json ? host.stderr : host.stdout
  const terminal = terminalOf(output, host.env)
  const errors = terminalOf(host.stderr, host.env)
  const labelled = (label: string, text: string) => `${label.padEnd(labelWidth)} ${text}`
  return {
    json,
    quiet,
    debug,
    output,
    terminal,
    line(label, text) {
      if (!quiet) terminal.line(labelled(terminal.colors.cyan(label.padEnd(labelWidth)), text))
    },
    warn(text) {
      terminal.clear()
      errors.line(labelled(errors.colors.yellow('Warning'.padEnd(labelWidth)), text))
    },
    result(value, text) {
      terminal.clear()
      const written = json ? JSON.stringify(value) : text
      if (written !== '') host.stdout.write(`${written}\n`)
    },
    failure({ label, code, message, stack }) {
      terminal.clear()
      const heading = errors.colors.red((label ?? 'Error').padEnd(labelWidth))
      errors.line(labelled(heading, label ? message : `${message} (${code})`))
      if (debug && stack) errors.line(stack)
      if (json) host.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
    },
  }
}
