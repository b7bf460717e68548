import { readFile } from 'node:fs/promises'
import { ConvkitError } from '@convkit/core'

/** Reads a file of JSON. @throws E_WEIGHTS when it is missing or not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConvkitError('E_WEIGHTS', `Cannot read ${path}: ${reasonOf(error)}`)
  })
  return parseJson(text, path)
}

/** @throws E_WEIGHTS when the text is not JSON. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConvkitError('E_WEIGHTS', `${source} is not JSON: ${(error as Error).message}`)
  }
}

/** Why a file could not be read, in words. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'there is no such file' : error.message
}
