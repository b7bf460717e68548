import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A lock that nobody has touched for this long belongs to a process that is gone. */
const abandonedAfter = 30_000
const beat = 5_000
const pause = 100

/** Runs something while this process alone has the lock file `path`; waits for others. */
export async function withLock<T>(path: string, run: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  while (!(await acquire(path))) await sleep(pause)
  const heart = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, beat)
  try {
    return await run()
  } finally {
    clearInterval(heart)
    await rm(path, { force: true })
  }
}

async function acquire(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const info = await stat(path).catch(() => undefined)
  if (info && Date.now() - info.mtimeMs > abandonedAfter) {
    // Renaming succeeds for one of those who wait.
    const old = `${path}.${randomUUID()}`
    await rename(path, old).then(
      () => rm(old, { force: true }),
      () => undefined,
    )
  }
  return false
}
