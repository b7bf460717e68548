import { ConvkitError } from '@convkit/core'
import type { OpenDatasetOptions } from '@convkit/data'
import { type Command, InvalidArgumentError } from 'commander'

/** How data is read, where it does not say so itself. */
export interface DataOptions {
  readonly format?: string | undefined
  readonly columns?: Columns | undefined
  readonly root?: string | undefined
  readonly classes?: readonly string[] | undefined
}

const columnKinds = ['path', 'label', 'split', 'weight', 'image'] as const
type Columns = { readonly [Kind in (typeof columnKinds)[number]]?: string | undefined }

/** Adds {@link DataOptions} to a command. */
export function withDataOptions(command: Command): Command {
  return command
    .option(
      '--format <name>',
      'what the data is: image folder, label file, tar, parquet, … (default: seen by itself)',
    )
    .option(
      '--columns <kind=name,…>',
      'columns of a label or Parquet file: path=photo,label=species,split=part,weight=times (default: the usual names)',
      columnsOf,
    )
    .option('--root <folder>', "where a label file's paths start (default: its own folder)")
    .option('--classes <names>', 'names of the classes, in order, with commas between them', namesOf)
}

/** `path=photo,label=species` → `{ path: 'photo', label: 'species' }` */
export function columnsOf(text: string): Columns {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [kind, ...name] = part.split('=')
      if (!columnKinds.some((known) => known === kind) || name.length === 0 || name.join('=') === '')
        throw new InvalidArgumentError(
          `It must be ${columnKinds.join(', ')}, each with = and a name, got ${part}.`,
        )
      return [kind, name.join('=')]
    }),
  )
}

/** `cat,dog` → `['cat', 'dog']` */
export function namesOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('') || new Set(names).size < names.length)
    throw new InvalidArgumentError(`It must be different names with commas between them, got ${text}.`)
  return names
}

/** What `openDataset` takes of a command's options; those not given are left out. */
export function openOptions({ format, columns, root, classes }: DataOptions): OpenDatasetOptions {
  return {
    ...(format !== undefined && { format }),
    ...(columns && { columns }),
    ...(root !== undefined && { root }),
    ...(classes && { classes }),
  }
}

/** The fold of `2/5`, from 1, and how many there are. @throws E_OPTION. */
export function foldOf(text: string): { readonly fold: number; readonly folds: number } {
  const [, fold, folds] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (fold !== undefined && folds !== undefined && fold >= 1 && fold <= folds && folds >= 2)
    return { fold, folds }
  throw new ConvkitError('E_OPTION', `--fold must be such as 1/5, the first of five, got ${text}`)
}
