import augment from '@convkit/augment'
import { createRegistry } from '@convkit/core'
import { referenceProvider } from '@convkit/core/testing'
import data from '@convkit/data'
import zoo from '@convkit/zoo'
import { run } from '../program.js'
import type { Host, Signal } from '../shared/host.js'

export interface TestRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface TestHost extends Host {
  readonly exits: number[]
  /** As if the process received it. */
  signal(name: Signal): void
}

/** The command line on the reference engine, its output kept. `onWrite` sees what is printed, as it is. */
export function testHost(
  onWrite?: (text: string, host: TestHost) => void,
): TestHost & { readonly written: { stdout: string; stderr: string } } {
  const listeners = new Set<(signal: Signal) => void>()
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
      onWrite?.(text, host)
    },
  })
  const host = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    written,
    exits: [] as number[],
    registry: async () =>
      createRegistry(augment, data, zoo, { name: 'reference', engines: [referenceProvider] }),
    plugins: async () => [],
    onSignal(listener: (signal: Signal) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exit: (code: number) => void host.exits.push(code),
    signal(name: Signal) {
      for (const listener of listeners) listener(name)
    },
  }
  return host
}

/** Runs a command line to its end. */
export async function convkit(...argv: readonly string[]): Promise<TestRun> {
  const host = testHost()
  const code = await run(argv, host)
  return { code, ...host.written }
}
