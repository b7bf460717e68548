import { readFileSync } from 'node:fs'

/** The version of this package; `../package.json` holds for the source and for the build. */
export function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
