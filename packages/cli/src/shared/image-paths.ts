import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { imageExtensions } from '@convkit/data'
import { glob } from 'tinyglobby'

/** The images of files, folders and globs, in the order of the arguments. @throws E_NOT_FOUND for one without any. */
export async function imagePaths(given: readonly string[]): Promise<string[]> {
  return (await Promise.all(given.map(filesOf))).flat()
}

/** A file itself, the images in a folder, or what a glob matches; in code-point order. @throws E_NOT_FOUND. */
async function filesOf(argument: string): Promise<string[]> {
  const info = await stat(argument).catch(() => undefined)
  if (info?.isFile()) return [argument]
  const inFolder = info?.isDirectory() ?? false
  const found = inFolder
    ? await glob('**', { cwd: argument })
    : await glob(argument, { expandDirectories: false })
  const matches = found
    .filter(isImage)
    .sort()
    .map((path) => (inFolder ? join(argument, path) : path))
  if (matches.length > 0) return matches
  throw new ConvkitError(
    'E_NOT_FOUND',
    info ? `${argument} holds no images` : `There is no image ${argument}, and no image matches it as a glob`,
  )
}

const isImage = (path: string) => imageExtensions.includes(extname(path).slice(1).toLowerCase())
