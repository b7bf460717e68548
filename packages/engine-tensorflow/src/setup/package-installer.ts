import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tellingLine } from './command.js'
import type { SetupContext } from './context.js'
import { setupError } from './failure.js'
import { gypEnvironment, nodePreGyp } from './node-gyp.js'
import { type BindingPackage, bindingFile } from './package.js'

/** A download that has not begun after these milliseconds is given up: the installer itself would wait for minutes. */
const defaultPatience = 20_000

/**
 * Runs the install script of the package in `staging`: it downloads libtensorflow, and downloads or builds the binding.
 * TFJS_NODE_CDN_STORAGE and TFJS_NODE_BASE_URI say from where, as the package has it.
 *
 * @throws E_SETUP when its host is not reached, or the script fails.
 */
export async function runInstaller(
  context: SetupContext,
  installed: BindingPackage,
  staging: string,
  python?: string,
  patience = defaultPatience,
): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(staging, 'package.json'), 'utf8')) as {
    scripts: { install: string }
  }
  // as npm does: the script calls node-pre-gyp by its name
  const commands = join(staging, 'bin')
  await mkdir(commands)
  await symlink(nodePreGyp(installed), join(commands, 'node-pre-gyp'))
  await symlink(process.execPath, join(commands, 'node'))

  context.say('Install', `the installer of ${installed.name} is tried: ${scripts.install}`)
  const watch = watchDownload(join(staging, 'deps'), patience)
  const result = await context.run('sh', ['-c', scripts.install], {
    cwd: staging,
    env: { ...gypEnvironment(context.env, python), PATH: commands + delimiter + context.env.PATH },
    timeout: 1_800_000,
    signal: watch.signal,
  })
  watch.stop()
  if (result.failure !== undefined) throw setupError(`the installer failed: ${tellingLine(result)}`)
  if (!existsSync(bindingFile({ folder: staging }))) throw setupError('the installer made no binding')
}

/** Aborts when nothing is in the folder after `patience`. */
function watchDownload(
  folder: string,
  patience: number,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController()
  const timer = setTimeout(async () => {
    const files = await readdir(folder).catch(() => [])
    if (files.length === 0) controller.abort(new Error(`nothing was downloaded in ${patience / 1000} s`))
  }, patience)
  return { signal: controller.signal, stop: () => clearTimeout(timer) }
}
