import { spawn } from 'node:child_process'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Milliseconds after which the command is ended, with all that it started. */
  readonly timeout: number
  /** Ends the command early; the reason's message becomes its `failure`. */
  readonly signal?: AbortSignal
}

export interface CommandResult {
  readonly stdout: string
  /** Standard output and standard error, as they came. */
  readonly output: string
  /** Why the command did not succeed, such as `exit code 1`, `SIGSEGV` or `not found`. */
  readonly failure?: string
}

/** Runs a command to its end; never throws. */
export type RunCommand = (
  file: string,
  args: readonly string[],
  options: CommandOptions,
) => Promise<CommandResult>

export const runCommand: RunCommand = (file, args, { cwd, env, timeout, signal }) =>
  new Promise((resolve) => {
    const limit = AbortSignal.timeout(timeout)
    const ended = signal ? AbortSignal.any([signal, limit]) : limit
    // a process group of its own: npm scripts and make start further processes, which end with it
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const text = { stdout: '', output: '' }
    const settle = (failure?: string) => {
      ended.removeEventListener('abort', end)
      resolve({ ...text, ...(failure !== undefined && { failure }) })
    }
    const end = () => {
      if (child.pid !== undefined) killGroup(child.pid)
    }
    child.stdout.on('data', (chunk) => {
      text.stdout += chunk
      text.output += chunk
    })
    child.stderr.on('data', (chunk) => (text.output += chunk))
    child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      settle(code === 'ENOENT' ? 'not found' : message),
    )
    child.once('close', (code, killedBy) => {
      if (limit.aborted) return settle(`not done after ${timeout / 1000} s`)
      if (signal?.aborted) return settle(messageOf(signal.reason))
      settle(code === 0 ? undefined : (killedBy ?? `exit code ${code}`))
    })
    if (ended.aborted) end()
    else ended.addEventListener('abort', end)
  })

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
}

const messageOf = (reason: unknown) => (reason instanceof Error ? reason.message : String(reason))

/** The line of a failed command's output that tells the most: its first error, else its last line. */
export function tellingLine({ output, failure }: CommandResult): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^warning:/i.test(line))
  const line = lines.find((text) => /\bE[A-Z]{4,}\b|\berror:/.test(text)) ?? lines.at(-1)
  return line ? `${line} (${failure})` : (failure ?? '')
}
