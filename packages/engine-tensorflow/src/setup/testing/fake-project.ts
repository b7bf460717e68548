import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CommandOptions, CommandResult } from '../command.js'
import type { SetupContext } from '../context.js'
import type { BindingPackage } from '../package.js'

/** A folder for one test. */
export async function makeFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'convkit-setup-')))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

/** The files of a TensorFlow library. */
export const libraryContents = {
  'include/tensorflow/c/c_api.h': '',
  'libtensorflow_cc.so.2': '',
  'libtensorflow_framework.so.2': '',
}

/** Where a binding for this Node is. */
export const bindingPath = 'lib/napi-v8/tfjs_binding.node'

/** A project with a tfjs-node whose install script is `install`, and no binding. */
export async function fakeProject(
  install = 'exit 1',
): Promise<{ readonly folder: string; readonly installed: BindingPackage }> {
  const folder = await makeFolder()
  const name = '@tensorflow/tfjs-node'
  const manifest = { name, version: '4.22.0', scripts: { install }, binary: { napi_versions: [7, 8, 999] } }
  await writeFiles(join(folder, 'node_modules'), {
    [`${name}/package.json`]: JSON.stringify(manifest),
    [`${name}/binding.gyp`]: '{}',
    [`${name}/binding/binding.cc`]: '',
    [`${name}/scripts/install.js`]: '',
    '@mapbox/node-pre-gyp/package.json': '{}',
    '@mapbox/node-pre-gyp/bin/node-pre-gyp': '',
  })
  await chmod(join(folder, 'node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp'), 0o755)
  return { folder, installed: { name, version: '4.22.0', folder: join(folder, 'node_modules', name) } }
}

/** What a command of a {@link fakeContext} does: its output, or why it failed. */
export type FakeCommand = (
  args: readonly string[],
  options: CommandOptions,
) => string | { readonly failure: string; readonly output?: string } | Promise<string>

/** Runs nothing but `commands`, found by a pattern of their command line; keeps what was said and run. */
export function fakeContext(commands: readonly (readonly [pattern: RegExp, command: FakeCommand])[] = []): {
  readonly context: SetupContext
  readonly said: string[]
  readonly ran: string[]
} {
  const said: string[] = []
  const ran: string[] = []
  const context: SetupContext = {
    env: { HOME: '/nowhere', PATH: '' },
    say: (label, text) => void said.push(`${label}: ${text}`),
    async run(file, args, options): Promise<CommandResult> {
      const line = [file, ...args].join(' ')
      ran.push(line)
      const found = commands.find(([pattern]) => pattern.test(line))
      if (!found) return { stdout: '', output: '', failure: 'not found' }
      const result = await found[1](args, options)
      if (typeof result === 'string') return { stdout: result, output: result }
      return { stdout: '', output: '', ...result }
    },
  }
  return { context, said, ran }
}
