import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { ConvkitError } from '@convkit/core'
import type { CommandContext } from '../shared/options.js'
import { templatesFolder } from '../templates.js'
import { type Spellings, spellingsOf } from './spellings.js'

const template = join(templatesFolder, 'plugin')
/** Packages that the template imports: the plugin has those of its user. */
const peers = ['@convkit/blocks', '@convkit/core']

/** `convkit plugin create wide-net`: a package with a small network, its test and its build. Nothing is overwritten. */
export async function createPlugin(name: string, folder: string | undefined, { report }: CommandContext) {
  const spellings = spellingsOf(name)
  const target = resolve(folder ?? spellings.package.replace(/^.*\//, ''))
  const there = await readdir(target).catch(() => [])
  if (there.length > 0)
    throw new ConvkitError('E_OPTION', `${target} is not empty: name another folder with --out`)
  const entries = await readdir(template, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const written: string[] = []
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    const path = pathOf(relative(template, file), spellings)
    await mkdir(dirname(join(target, path)), { recursive: true })
    await writeFile(
      join(target, path),
      path === 'package.json' ? manifestOf(text, spellings) : spell(text, spellings),
    )
    written.push(path)
  }
  const place = relative(process.cwd(), target) || '.'
  report.result(
    { folder: target, package: spellings.package, files: written.sort() },
    `${spellings.package} is in ${place}. Next: cd ${place} && npm install && npm test && npm run build, then where it is used: npx convkit plugin add ${target}`,
  )
}

/** Files of the template that have another name in a package: npm leaves out the one, and reads the other as its own. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'manifest.json': 'package.json' }

const pathOf = (path: string, spellings: Spellings) => renamed[path] ?? spell(path, spellings)

function spell(text: string, { package: name, kebab, snake, camel, pascal }: Spellings): string {
  return text
    .replaceAll('convkit-plugin-tiny-net', name)
    .replaceAll('tiny-net', kebab)
    .replaceAll('tiny_net', snake)
    .replaceAll('tinyNet', camel)
    .replaceAll('TinyNet', pascal)
}

function manifestOf(text: string, spellings: Spellings): string {
  const manifest = JSON.parse(spell(text, spellings)) as object
  const peerDependencies = Object.fromEntries(peers.map((name) => [name, `^${versionOf(name)}`]))
  return `${JSON.stringify({ ...manifest, peerDependencies }, null, 2)}\n`
}

function versionOf(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string }
  return version
}
