import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ConvkitError, type Plugin } from '@convkit/core'
import * as v from 'valibot'

const list = v.optional(v.array(v.looseObject({ name: v.string() })))
/** What tells a plugin from anything else; what its parts hold is checked where they are used. */
const pluginSchema = v.looseObject({
  name: v.pipe(v.string(), v.nonEmpty()),
  architectures: list,
  engines: list,
  augmentations: list,
  weights: list,
  requires: list,
})

/** Whether a value can be registered. */
export function isPlugin(value: unknown): value is Plugin {
  return v.is(pluginSchema, value)
}

/**
 * The plugin that a module exports by default: `./folder`, `./file.ts` or the name of an installed package, as seen from
 * `folder`.
 *
 * @throws E_PLUGIN naming the module, where it was asked for, and the remedy.
 */
export async function loadPlugin(module: string, folder: string, askedBy: string): Promise<Plugin> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new ConvkitError('E_PLUGIN', `${askedBy} names the plugin '${module}', which ${problem}`, { cause })
  }
  const file = isPath(module)
    ? await entryOf(resolve(folder, module), fail)
    : await packageEntry(module, folder, fail)
  const loaded = await importModule(file).catch((error: Error) =>
    fail(`could not be loaded: ${error.message}`, error),
  )
  if (isPlugin(loaded)) return loaded
  return fail('has no plugin as its default export: export default definePlugin({ name, architectures, … })')
}

/** The default export of a JavaScript or TypeScript module. */
export async function importModule(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href
  const isTypeScript = /\.[mc]?ts$/.test(file)
  const { default: value } = isTypeScript ? await importTypeScript(url) : await import(/* @vite-ignore */ url)
  return value
}

async function importTypeScript(url: string): Promise<{ default?: unknown }> {
  const { createJiti } = await import('jiti')
  // What the module imports is loaded by Node where it can be, so that a package is there only once.
  return createJiti(url, { tryNative: true, fsCache: false, interopDefault: false }).import(url)
}

type Fail = (problem: string, cause?: unknown) => never

/** Whether a module is named by where it is, not by its package. */
export const isPath = (module: string) => /^\.{1,2}([\\/]|$)/.test(module) || isAbsolute(module)

async function packageEntry(name: string, folder: string, fail: Fail): Promise<string> {
  const entry = await resolveFrom(folder, name)
  if (entry) return entry
  const isHere = (await existing(resolve(folder, name))) !== undefined
  return fail(isHere ? `is a path: write ./${name}` : `is not installed: npm install ${name}`)
}

/** A file itself, or what the package in a folder exports. */
async function entryOf(path: string, fail: Fail): Promise<string> {
  const info = await stat(path).catch(() => undefined)
  if (!info) return fail(`does not exist: there is no ${path}`)
  if (info.isFile()) return path
  const manifest = await readFile(join(path, 'package.json'), 'utf8').catch(() =>
    fail('is a folder without a package.json; name the module in it'),
  )
  const parsed = v.safeParse(manifestSchema, manifest)
  if (!parsed.success) return fail(`has a package.json that cannot be read: ${parsed.issues[0].message}`)
  const { name, exports, main = 'index.js' } = parsed.output
  const entry = exports === undefined ? await existing(join(path, main)) : await resolveFrom(path, name)
  return entry ?? fail('exports no file: run its build, or give exports in its package.json a "." entry')
}

const manifestSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    name: v.optional(v.string(), ''),
    exports: v.optional(v.unknown()),
    main: v.optional(v.string()),
  }),
)

async function existing(path: string): Promise<string | undefined> {
  return (await stat(path).catch(() => undefined)) && path
}

/** The file that an `import` in `folder` finds, if there is one; a package finds itself by its name. */
async function resolveFrom(folder: string, name: string): Promise<string | undefined> {
  const { createJiti } = await import('jiti')
  const parentURL = pathToFileURL(join(folder, 'package.json')).href
  const url = createJiti(parentURL, { fsCache: false }).esmResolve(name, { parentURL, try: true })
  return url?.startsWith('file:') ? fileURLToPath(url) : url
}
