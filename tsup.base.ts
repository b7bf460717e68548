import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { defineConfig, type Options } from 'tsup'

type Manifest = { exports: Record<string, string | { default: string }> }

/**
 * The build of one package. Entries are read from its package.json: `"./testing"` in `exports`, with the
 * default `./dist/testing.js`, is built from `src/testing.ts`. `extra` names entries that are not exported.
 */
export function library(extra: string[] = []) {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const exported = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : [basename(target.default, '.js')],
  )
  const names = [...exported, ...extra]
  const present = names.filter((name) => existsSync(`src/${name}.ts`))
  for (const name of names) {
    // check:package fails on an export without a file, so an entry can be written after its line in exports.
    if (!present.includes(name)) console.warn(`skipped: src/${name}.ts does not exist`)
  }
  const options: Options = {
    entry: Object.fromEntries(present.map((name) => [name, `src/${name}.ts`])),
    format: 'esm',
    target: 'node20',
    platform: 'neutral',
    tsconfig: '../../tsconfig.base.json',
    dts: true,
    sourcemap: true,
    clean: true,
    silent: true,
  }
  return defineConfig(options)
}
