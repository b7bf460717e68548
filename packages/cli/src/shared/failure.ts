import { ConvkitError } from '@convkit/core'
import { CommanderError } from 'commander'
import { type Signal, signalExitCodes } from './host.js'
import type { Report } from './report.js'

/** Codes of mistakes in the command line itself: exit code 2. */
const usageCodes: ReadonlySet<string> = new Set([
  'E_USAGE',
  'E_OPTION',
  'E_UNKNOWN_MODEL',
  'E_UNKNOWN_ENGINE',
  'E_UNKNOWN_AUGMENTATION',
])

/** A command that a signal ended in order. */
export class Interrupted extends ConvkitError {
  readonly signal: Signal

  constructor(signal: Signal, message: string) {
    super('E_INTERRUPTED', message)
    this.signal = signal
  }
}

/** Prints what went wrong in one line, and gives the exit code: 1 failed, 2 wrong usage, 130 or 143 interrupted. */
export function fail(error: unknown, report: Report): number {
  if (error instanceof CommanderError) return failUsage(error, report)
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  if (!(error instanceof ConvkitError)) {
    const hint = report.debug ? '' : '; --debug shows where'
    report.failure({ code: 'E_INTERNAL', message: `${oneLine(message)}${hint}`, stack })
    return 1
  }
  const { code } = error
  if (error instanceof Interrupted) {
    report.failure({ label: 'Stopped', code, message })
    return signalExitCodes[error.signal]
  }
  report.failure({ code, message: oneLine(message), stack })
  return usageCodes.has(code) ? 2 : 1
}

/** Commander has printed the help or the version by itself. */
function failUsage({ exitCode, message, stack }: CommanderError, report: Report): number {
  if (exitCode === 0) return 0
  const text = oneLine(message.replace(/^error: /, ''))
  const isMissing = text.startsWith('(')
  report.failure({
    code: 'E_USAGE',
    message: isMissing ? 'A command is missing; convkit --help lists them' : text,
    stack,
  })
  return 2
}

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ')
