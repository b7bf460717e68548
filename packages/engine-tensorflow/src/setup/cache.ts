import { constants } from 'node:fs'
import { access, mkdir, statfs } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setupError } from './failure.js'
import type { BindingPackage } from './package.js'

/** Where libraries are unpacked: the user's cache folder, or the package's own folder where that cannot be written. */
export async function cacheFolder(env: NodeJS.ProcessEnv, { folder }: BindingPackage): Promise<string> {
  const home = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache')
  const own = join(folder, '.convkit')
  for (const parent of [join(home, 'convkit'), own]) {
    const cache = join(parent, 'tensorflow')
    try {
      await mkdir(cache, { recursive: true })
      await access(cache, constants.W_OK)
      return cache
    } catch {
      // the next one
    }
  }
  throw setupError(`neither ${home} nor ${own} can be written; XDG_CACHE_HOME names another folder`)
}

/** @throws E_SETUP when the disk of a folder has less than `bytes` free. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`
  if (bavail * bsize >= bytes) return
  throw setupError(
    `${folder} has ${gigabytes(bavail * bsize)} free of the ${gigabytes(bytes)} that are needed; ` +
      'make room, or name a folder on another disk in XDG_CACHE_HOME',
  )
}
