import { basename } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { shardsOf } from './shard-names.js'
import { splitInPath, validationNames } from './split-name.js'

/** Files of one dataset by what they are for. */
export interface DividedShards {
  readonly train: readonly string[]
  /** Empty where none are. */
  readonly validation: readonly string[]
  readonly validationFrom: string | undefined
}

/**
 * The files of a path, divided by their names: `val`, `validation`, `valid` or `test` beside others; or those of another
 * path for validation. Files of one part alone are all for training.
 *
 * @throws E_NOT_FOUND; E_DATASET when a folder has none.
 */
export async function dividedShards(
  path: string,
  extension: string,
  validation: number | string | undefined,
): Promise<DividedShards> {
  const shards = await shardsOf(path, extension)
  if (shards.length === 0) throw new ConvkitError('E_DATASET', `${path} holds no ${extension} file`)
  const splitOf = (shard: string) => splitInPath(basename(shard)) ?? 'train'
  const trained = shards.filter((shard) => splitOf(shard) === 'train')
  const train = trained.length > 0 ? trained : shards
  if (typeof validation === 'string')
    return { train, validation: await shardsOf(validation, extension), validationFrom: validation }
  const name = validationNames.find((split) => shards.some((shard) => splitOf(shard) === split))
  const held = train === shards ? [] : shards.filter((shard) => splitOf(shard) === name)
  const validationFrom = held.length > 0 ? held.map((shard) => basename(shard)).join(', ') : undefined
  return { train, validation: held, validationFrom }
}
