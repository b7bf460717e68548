import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { ConvkitError } from '@convkit/graph'
import { openExchange } from './exchange.js'
import type { CallName, Calls, Hello, Reply } from './protocol.js'

/** A process with TensorFlow in it, which does one thing at a time. */
export interface RunnerProcess {
  /** TensorFlow's version. */
  readonly version: string
  /** Whether it computes on a GPU. */
  readonly isOnGpu: boolean
  /** The file that values go through. */
  readonly exchange: number
  /**
   * Asks for something. What calls there are in between, on this channel, is up to the caller: see {@link exclusively}.
   *
   * @throws E_ENGINE when TensorFlow fails, or its process has ended.
   */
  call<K extends CallName>(name: K, request: Calls[K]['request']): Promise<Calls[K]['reply']>
  /** Runs a function when those that were given before are done: values in the exchange file stay until then. */
  exclusively<T>(task: () => Promise<T>): Promise<T>
}

/** Beside this file in a build. Sources, which Node does not run, use the one that was built. */
const runnerFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/runner.js' : './runner.js', import.meta.url),
)

/**
 * Starts a process, loads the tfjs package of `folder` in it, and resolves when TensorFlow is there. The process ends
 * with this one, and does not keep it alive.
 *
 * @param env what the process's environment has besides that of this one.
 * @param onEnd is told when the process has ended.
 * @throws E_ENGINE with the reason when TensorFlow does not load.
 */
export async function startRunner(
  folder: string,
  env: Readonly<Record<string, string>>,
  onEnd: () => void,
): Promise<RunnerProcess> {
  const exchange = openExchange()
  const child = spawn(process.execPath, [runnerFile, folder], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', exchange],
    env: { ...process.env, ...env },
    windowsHide: true,
  })
  child.unref()
  const errorStream = child.stderr as Socket
  errorStream.unref()
  let waiting: { resolve(message: unknown): void; reject(error: Error): void } | undefined
  let lost: ConvkitError | undefined
  let errors = ''
  const end = (how: string) => {
    if (lost) return
    lost = new ConvkitError('E_ENGINE', `TensorFlow's process ended ${how}${lastLine(errors)}`)
    closeSync(exchange)
    waiting?.reject(lost)
    onEnd()
  }
  child.on('message', (message) => waiting?.resolve(message))
  child.on('error', ({ message }) => end(`(${message})`))
  child.on('exit', (code, signal) => end(signal ? `by ${signal}` : `with exit code ${code}`))
  errorStream.on('data', (text) => {
    errors = (errors + text).slice(-2000)
  })

  const keepAlive = (isNeeded: boolean) => {
    const change = isNeeded ? 'ref' : 'unref'
    child[change]()
    child.channel?.[change]()
  }
  const nextMessage = async (): Promise<unknown> => {
    if (lost) throw lost
    keepAlive(true)
    try {
      return await new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    } finally {
      waiting = undefined
      keepAlive(false)
    }
  }

  const hello = (await nextMessage()) as Hello
  if (!hello.ok) {
    child.kill()
    throw new ConvkitError('E_ENGINE', hello.message)
  }
  let queue: Promise<unknown> = Promise.resolve()
  return {
    version: hello.version,
    isOnGpu: hello.isOnGpu,
    exchange,
    async call<K extends CallName>(name: K, request: Calls[K]['request']) {
      const reply = nextMessage()
      if (!lost) child.send({ call: name, ...request })
      const answer = (await reply) as Reply
      if (answer.ok) return answer.result as Calls[K]['reply']
      throw new ConvkitError('E_ENGINE', `TensorFlow: ${answer.message}`)
    },
    exclusively(task) {
      const result = queue.then(task)
      queue = result.catch(() => {})
      return result
    },
  }
}

function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1)
  return line ? `: ${line}` : ''
}
