import { basename } from 'node:path'
import type { Environment } from '@convkit/callbacks'
import { ConvkitError, nearest } from '@convkit/core'
import { type Command, InvalidArgumentError, type Option } from 'commander'
import type { ConfigFile } from './config-file.js'
import { table } from './text.js'

// Where the value of an option comes from: the command line, over the environment, over convkit.config, over defaults.

/** Options that say how a command talks, and where others are: they are given on the command line alone. */
const onlyOnCommandLine: ReadonlySet<string> = new Set([
  'json',
  'quiet',
  'debug',
  'printConfig',
  'config',
  'resume',
])

/** A file or a run that holds a whole config, in whose place convkit.config's options do not go. */
const wholeConfigs = ['config', 'resume']

/** `CONVKIT_BATCH_SIZE` for `--batch-size` */
export function variableOf(option: Option): string {
  return `CONVKIT_${option.name().replaceAll('-', '_').toUpperCase()}`
}

/**
 * Gives the options of a command that the command line did not set their values from the environment, or else from
 * convkit.config: first those for this command, then those for all.
 *
 * @throws E_OPTION for a variable, E_CONFIG for a config with a value that does not fit, or with a name that nothing has.
 */
export function applySettings(command: Command, env: Environment, config: ConfigFile | undefined): void {
  const isResumed = command.getOptionValue('resume') !== undefined
  const usesConfig = wholeConfigs.every((name) => command.getOptionValue(name) === undefined)
  if (config) checkNames(config, rootOf(command))
  const settings = usesConfig && config ? optionsFor(command, config) : {}
  for (const option of command.options) {
    const name = option.attributeName()
    if (onlyOnCommandLine.has(name) || command.getOptionValueSource(name) !== undefined) continue
    const variable = env[variableOf(option)]
    if (variable !== undefined && variable !== '' && !isResumed) {
      const value = parse(option, variable, (problem) => {
        throw new ConvkitError('E_OPTION', `${variableOf(option)} ${problem}, got '${variable}'`)
      })
      command.setOptionValueWithSource(name, value, 'env')
    } else if (settings[name] !== undefined) {
      const given = settings[name]
      const value = parse(option, given, (problem) => {
        throw new ConvkitError(
          'E_CONFIG',
          `${name} in ${config?.path} ${problem}, got ${JSON.stringify(given)}`,
        )
      })
      command.setOptionValueWithSource(name, value, 'config')
    }
  }
}

/** What a command would run with: its options with their values, and where each is from. */
export function describeSettings(command: Command, config: ConfigFile | undefined): Settings {
  const options = command.options.flatMap((option) => {
    const name = option.attributeName()
    const source = command.getOptionValueSource(name)
    if (name === 'printConfig') return []
    if (source === undefined) return [{ name, value: defaultOf(option), from: 'default' }]
    const from =
      source === 'env' ? variableOf(option) : source === 'config' ? basename(config?.path ?? '') : option.long
    return [{ name, value: command.getOptionValue(name) as unknown, from: from ?? source }]
  })
  const shown = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  return {
    json: { command: command.name(), options: options.filter(({ value }) => value !== undefined) },
    text: table(
      [['option', 'value', 'from'], ...options.map(({ name, value, from }) => [name, shown(value), from])],
      [0, 1, 2],
    ),
  }
}

export interface Settings {
  readonly json: object
  readonly text: string
}

/** What the help says of an option that is not given. */
const defaultOf = ({ description }: Option) => /\(default: ([^)]*)\)/.exec(description)?.[1]

function optionsFor(command: Command, { path, options }: ConfigFile): Record<string, unknown> {
  const own = options[command.name()] ?? {}
  if (typeof own !== 'object' || Array.isArray(own))
    throw new ConvkitError(
      'E_CONFIG',
      `${command.name()} in ${path} must be an object of options, got ${JSON.stringify(own)}`,
    )
  const known = new Set(command.options.map((option) => option.attributeName()))
  for (const name of Object.keys(own)) {
    if (known.has(name) && !onlyOnCommandLine.has(name)) continue
    throw new ConvkitError(
      'E_CONFIG',
      `${command.name()}.${name} in ${path} is not an option of ${command.name()} (nearest: ${nearest(name, known).join(', ')})`,
    )
  }
  return { ...options, ...own }
}

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command)

/** Every name in a config is a command's, or an option's that some command has. */
function checkNames({ path, options }: ConfigFile, { commands }: Command): void {
  const names = commands
    .filter(({ options }) => options.length > 0)
    .flatMap((command) => [command.name(), ...command.options.map((option) => option.attributeName())])
  const known = new Set(['plugins', ...names].filter((name) => !onlyOnCommandLine.has(name)))
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue
    throw new ConvkitError(
      'E_CONFIG',
      `${name} in ${path} is neither a command nor an option (nearest: ${nearest(name, known).join(', ')})`,
    )
  }
}

/** A value as the command line would read it; lists and objects, which it has other forms for, are taken as they are. */
function parse(option: Option, given: unknown, fail: (problem: string) => never): unknown {
  if (option.isBoolean()) return toBoolean(given) ?? fail('must be true or false')
  if (option.optional && toBoolean(given) !== undefined) return toBoolean(given)
  if (typeof given === 'object') return given
  try {
    return option.parseArg ? option.parseArg(String(given), undefined) : given
  } catch (error) {
    if (error instanceof InvalidArgumentError) return fail(wordsOf(error))
    throw error
  }
}

/** `It must be a whole number.` → `must be a whole number`, and so for commander's own words about choices */
const wordsOf = ({ message }: Error) =>
  message
    .replace(/^It /, '')
    .replace(/^Allowed choices are/, 'must be one of')
    .replace(/\.$/, '')

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === '1') return true
  return value === 'false' || value === '0' ? false : undefined
}
