import { isAbsolute, relative, resolve, sep } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { type ClassNames, classNames } from './class-names.js'
import type { ImageFiles } from './encoded-images.js'
import { type LabelRow, rowError } from './label-row.js'
import type { SkippedPath } from './list-images.js'
import { type SplitName, splitNamed, type ValidationName, validationNames } from './split-name.js'

/** Where the rows of a table come from, and what they may say. */
export interface LabelPlace {
  readonly file: string
  /** The folder that relative paths start from. */
  readonly root: string
  readonly allowOutside?: boolean | undefined
  readonly classes?: readonly string[] | undefined
  /** Whether images may have any number of labels; where any row has several by default. */
  readonly severalLabels?: boolean
}

type Images = Pick<ImageFiles, 'classes' | 'labels' | 'targets' | 'weights' | 'paths'>

/** What a label file says. */
export interface LabelTable {
  /** For training. */
  readonly images: Images
  /** For validation. */
  readonly held?: { readonly images: Images; readonly split: ValidationName } | undefined
  readonly skipped: readonly SkippedPath[]
  readonly warnings: readonly string[]
}

/** A row whose values have been checked. */
interface Entry extends LabelRow {
  readonly split: SplitName
}

/**
 * Reads all rows of a label file.
 *
 * @throws E_LABELS naming line and value; E_ONE_CLASS; E_CLASSES when the validation rows have classes of their own.
 */
export async function labelTable(rows: AsyncIterable<LabelRow>, place: LabelPlace): Promise<LabelTable> {
  const { file, classes: given } = place
  const { entries, skipped } = await readEntries(rows, place)
  if (entries.length === 0)
    throw new ConvkitError('E_LABELS', `${file} has no rows: it needs one for each image`)
  const isSeveral = place.severalLabels ?? entries.some(({ labels }) => labels.length > 1)
  if (!isSeveral) requireOneLabel(entries, file)

  const heldSplit = validationNames.find((name) => entries.some(({ split }) => split === name))
  const of = (name: SplitName | undefined) => entries.filter(({ split }) => split === name)
  const [trained, held] = [of('train'), of(heldSplit)]
  const names = classNames(labelsOf(trained.length > 0 ? trained : held), given)
  if (!given && trained.length > 0) requireClasses(names.classes, held, isSeveral, file)
  const imagesOf = (part: readonly Entry[]) => toImages(part, names, isSeveral, file)
  const others = entries.filter(({ split }) => split !== 'train' && split !== heldSplit)
  return {
    images: imagesOf(trained),
    held: heldSplit && { images: imagesOf(held), split: heldSplit },
    skipped,
    warnings:
      others.length > 0
        ? [`${rowsAre(others.length)} left out of ${file}: ${heldSplit} is validated on`]
        : [],
  }
}

async function readEntries(rows: AsyncIterable<LabelRow>, place: LabelPlace) {
  const { file } = place
  const byPath = new Map<string, Entry>()
  const skipped: SkippedPath[] = []
  for await (const row of rows) {
    const entry = { ...row, path: pathOf(row, place), split: splitOf(row, file) }
    const earlier = byPath.get(entry.path)
    if (!earlier) {
      byPath.set(entry.path, entry)
      continue
    }
    requireSame(earlier, entry, row.path, file)
    skipped.push({ path: entry.path, reason: `is listed again on line ${row.line}` })
  }
  return { entries: [...byPath.values()], skipped }
}

/** Absolute, or relative to the working directory as the file itself was given. */
function pathOf({ path, line }: LabelRow, { root, allowOutside, file }: LabelPlace): string {
  if (path.trim() === '') throw rowError(file, line, 'the path is empty')
  if (path.includes('\0')) throw rowError(file, line, `the path ${JSON.stringify(path)} is none`)
  const found = resolve(root, path)
  const way = relative(resolve(root), found)
  const isOutside = way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
  if (!isOutside || allowOutside) return found
  throw rowError(
    file,
    line,
    `${path} lies outside of ${root}: move it inside, give another root, or allow it with allowOutside`,
  )
}

function splitOf({ split, line }: LabelRow, file: string): SplitName {
  if (split === undefined) return 'train'
  const name = splitNamed(split)
  if (name) return name
  throw rowError(
    file,
    line,
    `the split ${JSON.stringify(split)} is none of train, ${validationNames.join(', ')}`,
  )
}

function requireSame(earlier: Entry, later: Entry, written: string, file: string): void {
  const [first, second] = [earlier, later].map(({ labels }) => [...labels].sort().join(' and ')) as [
    string,
    string,
  ]
  if (first !== second) {
    throw rowError(
      file,
      later.line,
      `${written} has the label ${second || 'none'}, and on line ${earlier.line} ${first || 'none'}; give each image one row with all its labels`,
    )
  }
  if (earlier.split === later.split) return
  throw rowError(
    file,
    later.line,
    `${written} is for ${later.split}, and on line ${earlier.line} for ${earlier.split}`,
  )
}

function requireOneLabel(entries: readonly Entry[], file: string): void {
  const bare = entries.find(({ labels }) => labels.length === 0)
  if (bare) throw rowError(file, bare.line, `${bare.path} has no label`)
}

function requireClasses(
  classes: readonly string[],
  held: readonly Entry[],
  isSeveral: boolean,
  file: string,
): void {
  const [only] = classes
  if (only === undefined) throw new ConvkitError('E_LABELS', `${file} has no label in any row for training`)
  if (classes.length === 1 && !isSeveral) {
    throw new ConvkitError('E_ONE_CLASS', `${file} has one label, ${only}: a classifier needs two or more`)
  }
  const extra = [...new Set(labelsOf(held))].filter((label) => !classes.includes(label))
  if (extra.length === 0) return
  throw new ConvkitError(
    'E_CLASSES',
    `The validation rows of ${file} have labels that training has not: ${extra.join(', ')}`,
  )
}

const rowsAre = (count: number) => (count === 1 ? '1 row is' : `${count} rows are`)

const labelsOf = (entries: readonly Entry[]) => entries.flatMap(({ labels }) => labels)

function toImages(
  entries: readonly Entry[],
  { classes, indexOf }: ClassNames,
  isSeveral: boolean,
  file: string,
): Images {
  const indices = entries.map(({ labels, line }) =>
    labels.map((label) => {
      const index = indexOf(label)
      if (index !== undefined) return index
      throw rowError(
        file,
        line,
        `the label ${JSON.stringify(label)} is none of the classes ${classes.join(', ')}`,
      )
    }),
  )
  const isWeighted = entries.some(({ weight }) => weight !== undefined)
  return {
    classes,
    paths: entries.map(({ path }) => path),
    labels: indices.map(([first = 0]) => first),
    ...(isSeveral && { targets: targetRows(indices, classes.length) }),
    ...(isWeighted && { weights: entries.map(({ weight = 1 }) => weight) }),
  }
}

/** `[images, classes]`, 1 for each label of an image. */
function targetRows(labels: readonly (readonly number[])[], classes: number): Uint8Array {
  const targets = new Uint8Array(labels.length * classes)
  for (const [row, indices] of labels.entries())
    for (const index of indices) targets[row * classes + index] = 1
  return targets
}
