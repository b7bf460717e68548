import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { ConvkitError, type Model } from '@convkit/core'
import { loadModel } from '@convkit/core/node'
import * as v from 'valibot'
import { type CommandContext, engineOptions, type SharedOptions } from './options.js'
import { isPath } from './plugin-modules.js'

/** The model folder that a path means: its own, or `model/` in the folder of a run. */
export async function modelFolder(path: string): Promise<string> {
  if (await isFile(join(path, 'model', 'config.json'))) return join(path, 'model')
  if (await isFile(join(path, 'split.csv'))) {
    throw new ConvkitError(
      'E_MODEL',
      `${path} is a run that has not finished; continue it with: convkit train --resume ${path}`,
    )
  }
  if (!(await stat(path).catch(() => undefined))) {
    throw new ConvkitError('E_MODEL', `There is no model at ${path}: give the folder of a run or of a model`)
  }
  return path
}

/** Loads the model of a run or of a model folder, to predict with it. */
export async function openModel(
  path: string,
  { host }: CommandContext,
  options: SharedOptions,
): Promise<Model> {
  const registry = await host.registry(await recordedPlugins(path))
  return loadModel(await modelFolder(path), {
    registry,
    engine: options.engine,
    engineOptions: engineOptions(options),
    purpose: 'inference',
  })
}

/** The folder of the run that a path means, or the model in it; undefined where there is none. */
export async function runOf(path: string): Promise<string | undefined> {
  for (const folder of [path, dirname(resolve(path))])
    if (await isFile(join(folder, 'split.csv'))) return folder
  return undefined
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}

/**
 * The plugins that a run was trained with, from its folder or that of its model. Code is never taken from the folder
 * itself, which may come from anywhere.
 *
 * @throws E_PLUGIN when one of them is a file of the run's own folder.
 */
export async function recordedPlugins(path: string): Promise<readonly string[]> {
  const run = await runOf(path)
  if (run === undefined) return []
  const text = await readFile(join(run, 'config.json'), 'utf8').catch(() => '{}')
  const parsed = v.safeParse(recordSchema, text)
  const plugins = parsed.success ? parsed.output.plugins : []
  const own = plugins.find((module) => isPath(module) && !relative(run, module).startsWith('..'))
  if (own !== undefined) {
    throw new ConvkitError(
      'E_PLUGIN',
      `${run} names the plugin '${own}' of its own folder, which is not loaded unasked: look at it, then give it by --plugin`,
    )
  }
  return plugins
}

const recordSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ plugins: v.optional(v.array(v.string()), []) }),
)
