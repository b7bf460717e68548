import { extname, join } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { isFolder, requireFile } from './folder-layout.js'
import { folderEntries } from './list-images.js'

/** More than one brace range names of shards. */
const mostShards = 100_000

/** `photos-{000..009}.tar` → ten names; a path without a range is itself. @throws E_OPTION for a range that is none. */
export function expandShards(path: string): string[] {
  const range = /\{(\d+)\.\.(\d+)\}/.exec(path)
  if (!range) return [path]
  const [whole, first = '', last = ''] = range
  const count = Number(last) - Number(first) + 1
  if (!(count >= 1 && count <= mostShards))
    throw new ConvkitError('E_OPTION', `${path}: ${whole} must count up, to at most ${mostShards} shards`)
  return Array.from({ length: count }, (_, i) =>
    String(Number(first) + i).padStart(first.length, '0'),
  ).flatMap((number) => expandShards(path.replace(whole, number)))
}

/** The files with an ending in a folder, or those that a name, with brace ranges or without, means. @throws E_NOT_FOUND. */
export async function shardsOf(path: string, extension: string): Promise<string[]> {
  if (await isFolder(path)) {
    const { files } = await folderEntries(path)
    return files.filter((name) => extname(name).toLowerCase() === extension).map((name) => join(path, name))
  }
  const shards = expandShards(path)
  for (const shard of shards) await requireFile(shard)
  return shards
}
