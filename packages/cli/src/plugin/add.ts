import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { installCommand } from '@convkit/engine-tensorflow/setup'
import * as v from 'valibot'
import type { CommandContext } from '../shared/options.js'
import { isPath, loadPlugin } from '../shared/plugin-modules.js'
import { addToConfig } from './add-to-config.js'
import { describePlugin } from './describe-plugin.js'

/**
 * `convkit plugin add convkit-plugin-x`: installs the package, unless the plugin is a file or folder that is there, and
 * names it in `convkit.config`. A plugin that does not load, or does not go with the others, is not named there.
 */
export async function addPlugin(spec: string, { host, report }: CommandContext): Promise<void> {
  const folder = process.cwd()
  const module = (await isModule(spec, folder)) ? spec : await install(spec, folder, report)
  const plugin = await loadPlugin(module, folder, 'plugin add')
  const registry = await host.registry()
  const isNew = !registry.plugins.some(({ name }) => name === plugin.name)
  if (isNew) registry.register(plugin)
  const { path, added } = await addToConfig(folder, module)
  const { name, parts } = describePlugin(plugin, module)
  report.result(
    { plugin: name, module, config: path, added, parts },
    `${name} ${added ? 'is added to' : 'is in'} ${path}: ${parts.join(', ')}`,
  )
}

/** Whether a plugin is a file or a folder, which is used where it is; an archive of a package is installed. */
async function isModule(spec: string, folder: string): Promise<boolean> {
  if (!isPath(spec) || /\.t(ar\.)?gz$/.test(spec)) return false
  if (await stat(resolve(folder, spec)).catch(() => undefined)) return true
  throw new ConvkitError('E_PLUGIN', `There is no ${resolve(folder, spec)}`)
}

async function install(spec: string, folder: string, report: CommandContext['report']): Promise<string> {
  if (spec.startsWith('-'))
    throw new ConvkitError('E_OPTION', `A plugin is a package, a file or a folder; got '${spec}'`)
  const before = await dependenciesOf(folder)
  const [command = '', ...args] = installCommand(folder, spec).split(' ')
  report.line('Install', [command, ...args].join(' '))
  const child = spawn(command, args, {
    cwd: folder,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  child.on('error', ({ message }) => (output += message))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new ConvkitError('E_PLUGIN', `${spec} could not be installed: ${lastLines(output)}`)
  const after = await dependenciesOf(folder)
  const changed = Object.keys(after).filter((name) => after[name] !== before[name])
  return changed.length === 1 ? (changed[0] as string) : nameOf(spec)
}

/** `name` of `name@1.2`, which was installed before */
const nameOf = (spec: string) => spec.replace(/(?<=.)@[^@/]*$/, '')

const manifestSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ dependencies: v.optional(v.record(v.string(), v.string()), {}) }),
)

async function dependenciesOf(folder: string): Promise<Record<string, string>> {
  const parsed = v.safeParse(
    manifestSchema,
    await readFile(join(folder, 'package.json'), 'utf8').catch(() => ''),
  )
  return parsed.success ? parsed.output.dependencies : {}
}

const lastLines = (output: string) => output.trim().split('\n').slice(-3).join(' ').trim()
