import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { withLock } from './lock.js'

export interface DownloadOptions {
  readonly url: string
  /** Where the file goes. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Bytes of the file, where known. */
  readonly size?: number | undefined
  /** What the file's sum must begin with, where known: a sha256, or the sha1 of a git blob. */
  readonly sum?: { readonly kind: 'sha256' | 'git'; readonly hex: string } | undefined
  /** Whether what another process has left is the beginning of the same file; false by default. */
  readonly resume?: boolean
}

/** Times that a transfer may break off without a byte of progress. */
const attempts = 3

/**
 * Downloads a file to where it is not yet: into `path.convkit.incomplete`, which a later try continues, and by a rename
 * once its size and sum are right. One process downloads, others wait for it. Python's huggingface_hub may download the
 * same file at the same time, for its locks cannot be seen from here: it writes to another incomplete file.
 *
 * @throws E_HUB naming the address and the path.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { path, url, resume = false } = options
  const incomplete = `${path}.convkit.incomplete`
  await mkdir(dirname(path), { recursive: true })
  await withLock(`${path}.convkit.lock`, async () => {
    if (await stat(path).catch(() => undefined)) return
    if (!resume) await rm(incomplete, { force: true })
    await transfer(options, incomplete)
    const problem = await problemOf(options, incomplete)
    if (problem) {
      await rm(incomplete, { force: true })
      throw new ConvkitError('E_HUB', `${url} came with ${problem}; it was not kept as ${path}: try again`)
    }
    await rename(incomplete, path)
  })
}

async function transfer(options: DownloadOptions, incomplete: string): Promise<void> {
  const { url, path, size } = options
  for (let failures = 0; ; ) {
    const before = await sizeOf(incomplete)
    if (size !== undefined && before === size) return
    try {
      await continueFrom(before, options, incomplete)
      return
    } catch (error) {
      if (error instanceof ConvkitError) throw error
      failures = (await sizeOf(incomplete)) > before ? 0 : failures + 1
      if (failures < attempts) continue
      throw new ConvkitError('E_HUB', `${url} cannot be downloaded to ${path}: ${causeOf(error)}`, {
        cause: error,
      })
    }
  }
}

async function continueFrom(
  start: number,
  { url, path, headers, size }: DownloadOptions,
  incomplete: string,
) {
  const response = await fetch(url, {
    // What is counted are the file's own bytes.
    headers: { ...headers, 'accept-encoding': 'identity', ...(start > 0 && { range: `bytes=${start}-` }) },
  })
  if (response.status === 416 && start > 0) {
    await rm(incomplete, { force: true })
    throw new Error('the server does not have the rest of the file')
  }
  if (!response.ok || !response.body) throw refused(response.status, url, path)
  const continues =
    response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`)
  const file = await open(incomplete, continues ? 'a' : 'w')
  try {
    let bytes = continues ? start : 0
    for await (const chunk of response.body) {
      bytes += chunk.length
      if (size !== undefined && bytes > size) {
        throw new ConvkitError(
          'E_HUB',
          `${url} sends more than its ${size} bytes; it was not kept as ${path}`,
        )
      }
      await file.write(chunk)
    }
    if (size !== undefined && bytes < size) throw new Error(`it ended after ${bytes} of ${size} bytes`)
  } finally {
    await file.close()
  }
}

/** The error of an answer that is not the file. */
export function refused(status: number, url: string, path: string): ConvkitError {
  const reason =
    status === 401 || status === 403
      ? `access is refused (${status}); set HF_TOKEN to a token that may read it`
      : status === 404
        ? 'there is no such file (404)'
        : `the server answers ${status}`
  return new ConvkitError(
    'E_HUB',
    `${url}: ${reason}; it is not in the cache either, which would have it at ${path}`,
  )
}

/** Why a request failed, in words: fetch hides it. */
export function causeOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error && cause.message ? cause.message : message
}

async function problemOf({ size, sum }: DownloadOptions, file: string): Promise<string | undefined> {
  const bytes = await sizeOf(file)
  if (size !== undefined && bytes !== size) return `${bytes} bytes instead of ${size}`
  if (!sum) return undefined
  const hash = sum.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`)
  const actual = await hashOf(file, hash)
  return actual.startsWith(sum.hex)
    ? undefined
    : `the ${sum.kind === 'git' ? 'git sum' : sum.kind} ${actual} instead of ${sum.hex}`
}

async function hashOf(file: string, hash: Hash): Promise<string> {
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}
