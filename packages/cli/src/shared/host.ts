import type { Environment, Output } from '@convkit/callbacks'
import type { Registry } from '@convkit/core'

/** What the command line has of its process, so that tests can give it something else. */
export interface Host {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Environment
  /** Models and engines, asked for when a command needs them; with the plugins that a run has {@link plugins recorded}. */
  registry(recorded?: readonly string[]): Promise<Registry>
  /** The plugins that the command was given, as a run records them. */
  plugins(): Promise<readonly string[]>
  /** Calls back on SIGINT and SIGTERM until the function that it returns is called. */
  onSignal(listener: (signal: Signal) => void): () => void
  /** Ends at once. */
  exit(code: number): void
}

export type Signal = 'SIGINT' | 'SIGTERM'

/** The exit codes of a process that a signal ended. */
export const signalExitCodes: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143 }

/** The process itself, with convkit's own models and engines. */
export function processHost(): Host {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    async registry() {
      const { cliRegistry } = await import('./registry.js')
      return cliRegistry()
    },
    plugins: async () => [],
    onSignal(listener) {
      const signals: readonly Signal[] = ['SIGINT', 'SIGTERM']
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
    exit: (code) => process.exit(code),
  }
}
