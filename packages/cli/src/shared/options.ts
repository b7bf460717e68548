import { ConvkitError, type EngineOptions } from '@convkit/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Host } from './host.js'
import type { Report } from './report.js'

/** What every command is made with. */
export interface CommandContext {
  readonly host: Host
  readonly report: Report
}

/** Options that every command takes; `json`, `quiet` and `debug` are read by the report. */
export interface SharedOptions extends EngineOptions {
  readonly engine?: string
  readonly seed?: number
}

/** What of a command's options an engine is made with. */
export function engineOptions({ threads, device, precision }: EngineOptions): EngineOptions {
  return { threads, device, precision }
}

/** Where an engine can be asked to compute, and how exactly; not every engine has all of them. */
export const devices = ['cpu', 'cuda', 'webgpu'] as const satisfies readonly EngineOptions['device'][]
export const precisions = [
  'float32',
  'bfloat16',
  'bfloat16-math',
] as const satisfies readonly EngineOptions['precision'][]

/** Adds {@link SharedOptions} to a command. */
export function withSharedOptions(command: Command): Command {
  command
    .option(
      '--engine <name>',
      'tensorflow, onnx or auto: tensorflow where it is set up, else onnx (default: auto)',
    )
    .addOption(choice('--device <name>', 'where the engine computes (default: cpu)', devices))
    .addOption(choice('--precision <name>', 'how convolutions are computed (default: float32)', precisions))
    .option('--threads <number>', 'threads of the engine (default: one a core)', wholeNumber)
    .option('--seed <number>', 'seed of everything that is drawn', wholeNumber)
  return withReportOptions(command)
}

/** Adds the options that say how a command talks; the report reads them. */
export function withReportOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on standard output, and lines for people on standard error')
    .option('--quiet', 'print the result only')
    .option('--debug', 'print stack traces')
    .option('--print-config', 'print the options, and where the value of each is from, and do nothing else')
}

/** What a network is looked at for. */
export interface SizeOptions {
  readonly size?: number
  readonly batchSize?: number
  readonly classes?: number
}

/** Adds {@link SizeOptions} to a command; values are checked by {@link checkSizes}. */
export function withSizeOptions(command: Command, batchSize = 1): Command {
  return command
    .option('--size <pixels>', "side of the input (default: the model's)", wholeNumber)
    .option('--batch-size <number>', `images at once (default: ${batchSize})`, wholeNumber)
    .option('--classes <number>', "number of classes (default: 1,000, or the model's)", wholeNumber)
}

/** @throws E_OPTION for a size of 0. */
export function checkSizes({ size, batchSize, classes }: SizeOptions): void {
  for (const [flag, value] of Object.entries({
    '--size': size,
    '--batch-size': batchSize,
    '--classes': classes,
  })) {
    if (value === 0) throw new ConvkitError('E_OPTION', `${flag} must be at least 1, got 0`)
  }
}

/** An option with a fixed list of values. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices([...choices])
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text.trim())) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

export function decimal(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** `0.2`, or a folder. */
export function decimalOrText(text: string): number | string {
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value) ? text : value
}
