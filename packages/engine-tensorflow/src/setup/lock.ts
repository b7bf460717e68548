import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { userInfo } from 'node:os'

/** An abstract socket of Linux: the kernel frees it when its process ends, however it ends. */
const address = `\0convkit-setup-tensorflow-${userInfo().uid}`

/**
 * Does `work` while no other process of this user does any under the same lock; `onWait` is called when one does.
 */
export async function withLock<T>(
  onWait: () => void,
  work: () => Promise<T>,
  path: string = address,
): Promise<T> {
  const server = createServer()
  const waiting = new Set<Socket>()
  server.on('connection', (socket) => waiting.add(socket))
  for (let isFirst = true; !(await listens(server, path)); isFirst = false) {
    if (isFirst) onWait()
    await released(path)
  }
  try {
    return await work()
  } finally {
    server.close()
    for (const socket of waiting) socket.destroy()
  }
}

async function listens(server: Server, path: string): Promise<boolean> {
  server.listen(path)
  try {
    await once(server, 'listening')
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
}

/** Resolves when who has the lock gives it back, or has gone already. */
async function released(path: string): Promise<void> {
  const socket = connect(path)
  await new Promise<void>((resolve) => {
    socket.on('error', () => {})
    socket.once('close', () => resolve())
    socket.resume()
  })
}
