import { type CommandOptions, type CommandResult, runCommand } from './command.js'

/** What the steps of a setup have of the outside, so that tests can give them something else. */
export interface SetupContext {
  readonly env: NodeJS.ProcessEnv
  /** Tells people what is done, or found. */
  readonly say: (label: string, text: string) => void
  /** Runs a command to its end; throws the reason when the whole setup was aborted. */
  readonly run: (file: string, args: readonly string[], options: CommandOptions) => Promise<CommandResult>
}

export interface ContextOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly say?: SetupContext['say']
  /** Ends the setup. */
  readonly signal?: AbortSignal
}

export function createContext({
  env = process.env,
  say = () => {},
  signal,
}: ContextOptions = {}): SetupContext {
  return {
    env,
    say,
    async run(file, args, options) {
      const signals = [signal, options.signal].filter((each) => each !== undefined)
      const result = await runCommand(file, args, { env, ...options, signal: AbortSignal.any(signals) })
      signal?.throwIfAborted()
      return result
    },
  }
}
