import { readFile } from 'node:fs/promises'
import { ConvkitError, type ErrorCode } from '@convkit/core'

/** Whether a text names a JSON or YAML file. */
export function isDataFile(name: string): boolean {
  return /\.(json|ya?ml)$/i.test(name)
}

/** The object in a JSON or YAML file. @throws `code` when it cannot be read or holds something else. */
export async function readDataFile(
  file: string,
  code: ErrorCode,
  wanted: string,
): Promise<Record<string, unknown>> {
  const fail = (problem: string) => new ConvkitError(code, `${file} ${problem}`)
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw fail(`cannot be read: ${error.message}`)
  })
  const { parse } = await import('yaml')
  let data: unknown
  try {
    data = parse(text) // JSON is YAML
  } catch (error) {
    throw fail(`is not JSON or YAML: ${(error as Error).message.split('\n', 1)[0]}`)
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { ...data }
  throw fail(`does not hold an object with ${wanted}`)
}
