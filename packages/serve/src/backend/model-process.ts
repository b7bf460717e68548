import { fork } from 'node:child_process'
import { once } from 'node:events'
import { ConvkitError } from '@convkit/core'
import type { Backend } from './backend.js'
import type { Hello, Reply } from './protocol.js'

interface Waiting {
  resolve(message: unknown): void
  reject(error: Error): void
}

/**
 * Starts a program that calls `answerServer`, and resolves when its model is loaded and compiled. So the event loop of this
 * process stays free while the model computes. The program ends with this process, however that ends.
 *
 * @param program the file's URL or path; `args` are its arguments.
 * @throws what loading the model throws; E_ENGINE when the program ends before it is ready.
 */
export async function startModelProcess(
  program: URL | string,
  args: readonly string[] = [],
): Promise<Backend> {
  const child = fork(program, [...args], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const waiting: Waiting[] = []
  let isDisposed = false
  let lost: ConvkitError | undefined
  const failed = new Promise<ConvkitError>((resolve) => {
    const end = (how: string) => {
      lost = new ConvkitError('E_ENGINE', `The model's process ended ${how}`)
      for (const { reject } of waiting.splice(0)) reject(lost)
      if (!isDisposed) resolve(lost)
    }
    child.once('error', ({ message }) => end(`(${message})`))
    child.once('exit', (code, signal) => end(signal ? `by ${signal}` : `with exit code ${code}`))
  })
  child.on('message', (message) => waiting.shift()?.resolve(message))

  const nextMessage = () =>
    new Promise<unknown>((resolve, reject) => {
      if (lost) reject(lost)
      else waiting.push({ resolve, reject })
    })

  const hello = (await nextMessage()) as Hello
  if (!hello.ok) throw new ConvkitError(hello.code, hello.message)
  return {
    model: hello.model,
    batchSizes: hello.batchSizes,
    async infer(images) {
      const message = nextMessage()
      if (!lost) child.send(images)
      const reply = (await message) as Reply
      if (reply.ok) return reply.inference
      throw new ConvkitError(reply.code, reply.message)
    },
    failed,
    async dispose() {
      isDisposed = true
      if (lost) return
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}
