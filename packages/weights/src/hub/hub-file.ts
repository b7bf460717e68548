import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { type HubFile, type HubPaths, type HubSettings, hubPaths, hubSettings } from './cache.js'
import { causeOf, download, refused } from './download.js'

/**
 * The path of a file of the Hugging Face hub in the cache that Python's huggingface_hub uses too, downloaded if it is
 * not there. Its sum is checked against the hub's. Without a connection the cache is what there is.
 *
 * @throws E_HUB naming the address and where the cache would have it.
 */
export async function hubFile(hubFile: HubFile, settings: HubSettings = hubSettings()): Promise<string> {
  const { repository, file, revision = 'main' } = hubFile
  const paths = hubPaths(settings, hubFile)
  const url = `${settings.endpoint}/${repository}/resolve/${encodeURIComponent(revision)}/${file}`
  const isCommit = /^[0-9a-f]{40}$/.test(revision)
  const cached = await cachedSnapshot(paths, isCommit ? revision : undefined)
  if (cached && (isCommit || settings.offline)) return cached
  const expected = paths.snapshot(isCommit ? revision : '<commit>')
  if (settings.offline) {
    throw new ConvkitError(
      'E_HUB',
      `${url} is not in the cache, which would have it at ${expected}, and HF_HUB_OFFLINE forbids to download it; unset it once`,
    )
  }
  const headers = await authorization(settings)
  const head = await requestHead(url, headers).catch((error: unknown) => causeOf(error))
  if (typeof head === 'string' || head.status >= 500) {
    if (cached) return cached
    if (typeof head !== 'string') throw refused(head.status, url, expected)
    throw new ConvkitError(
      'E_HUB',
      `${url} cannot be reached (${head}), and is not in the cache, which would have it at ${expected}; download it elsewhere and give its file`,
    )
  }
  if (head.status >= 400) throw refused(head.status, url, expected)
  const { commit, etag, size } = describe(head, url)
  if (!isCommit) await writeIfChanged(paths.ref, commit)
  const snapshot = paths.snapshot(commit)
  if (await isFile(snapshot)) return snapshot
  const blob = paths.blob(etag)
  const sum = sumOf(etag)
  await download({ url, path: blob, headers, size, sum, resume: sum !== undefined })
  await link(blob, snapshot)
  return snapshot
}

/** The file in the commit that the cache last saw. */
async function cachedSnapshot(paths: HubPaths, commit: string | undefined): Promise<string | undefined> {
  const known = commit ?? (await readFile(paths.ref, 'utf8').catch(() => '')).trim()
  if (!/^[0-9a-f]{40}$/.test(known)) return undefined
  const snapshot = paths.snapshot(known)
  return (await isFile(snapshot)) ? snapshot : undefined
}

/** Follows redirects inside the hub, such as a renamed repository's, but not to where large files are stored. */
async function requestHead(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  let at = url
  for (let redirects = 0; redirects < 5; redirects++) {
    const response = await fetch(at, {
      method: 'HEAD',
      redirect: 'manual',
      headers: { ...headers, 'accept-encoding': 'identity' },
    })
    const location = response.headers.get('location') ?? ''
    if (
      response.status < 300 ||
      response.status >= 400 ||
      !location.startsWith('/') ||
      location.startsWith('//')
    )
      return response
    at = new URL(location, at).href
  }
  throw new Error('it redirects without end')
}

function describe({ headers }: Response, url: string) {
  const commit = headers.get('x-repo-commit') ?? ''
  const etag = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '')
    .replace(/^W\//, '')
    .replaceAll('"', '')
  const size = Number(headers.get('x-linked-size') ?? headers.get('content-length') ?? Number.NaN)
  // Both become names of files.
  if (!/^[0-9a-f]{40}$/.test(commit) || !/^\w[\w.-]{0,127}$/.test(etag)) {
    throw new ConvkitError(
      'E_HUB',
      `${url} does not answer as the Hugging Face hub does: commit ${JSON.stringify(commit)}, etag ${JSON.stringify(etag)}; check HF_ENDPOINT`,
    )
  }
  return { commit, etag, size: Number.isSafeInteger(size) ? size : undefined }
}

/** The hub calls large files by their sha256, others as git does. */
function sumOf(etag: string): { kind: 'sha256' | 'git'; hex: string } | undefined {
  if (/^[0-9a-f]{64}$/.test(etag)) return { kind: 'sha256', hex: etag }
  return /^[0-9a-f]{40}$/.test(etag) ? { kind: 'git', hex: etag } : undefined
}

async function authorization({ token, tokenFile }: HubSettings): Promise<Record<string, string>> {
  const secret = token ?? (await readFile(tokenFile, 'utf8').catch(() => '')).trim()
  return secret ? { authorization: `Bearer ${secret}` } : {}
}

async function writeIfChanged(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}.tmp`
  await writeFile(temporary, text)
  await rename(temporary, path)
}

/** A relative link, as huggingface_hub makes it; a copy where links are not allowed, as on Windows. */
async function link(blob: string, snapshot: string): Promise<void> {
  await mkdir(dirname(snapshot), { recursive: true })
  await symlink(relative(dirname(snapshot), blob), snapshot).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return
    await copyFile(blob, snapshot)
  })
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
