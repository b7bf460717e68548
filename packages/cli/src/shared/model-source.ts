import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError, type Model } from '@convkit/core'
import { loadModel } from '@convkit/core/node'
import { type CommandContext, engineOptions, type SharedOptions } from './options.js'

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

/** Loads the model of a run or of a model folder. */
export async function openModel(
  path: string,
  { host }: CommandContext,
  options: SharedOptions,
): Promise<Model> {
  const registry = await host.registry()
  return loadModel(await modelFolder(path), {
    registry,
    engine: options.engine,
    engineOptions: engineOptions(options),
  })
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
