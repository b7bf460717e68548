import { type FileHandle, open } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { imageExtensions, type SkippedPath } from './list-images.js'
import { type TarEntry, tarEntries } from './tar-entries.js'

/** Files that hold the label of a sample; of several the first is taken. */
export const labelKinds = ['cls', 'txt', 'json'] as const
export type LabelKind = (typeof labelKinds)[number]

/** An image in a shard, with its label as it is written. */
export interface TarSample extends TarEntry {
  readonly shard: string
  readonly label: string
}

/** More than a label has. */
const longestLabel = 2 ** 20

/** What a group of entries is. */
export interface TarGroup {
  /** Absent where the group has no image. */
  readonly sample?: TarSample
  readonly skipped: readonly SkippedPath[]
}

type Entries = Map<string, TarEntry>

/**
 * The images of a WebDataset shard: entries that differ only from the first dot of their name on are one sample, such as
 * `0001.jpg` and `0001.cls`. Of the archive only headers and labels are read.
 *
 * @throws E_TAR when it is damaged, or a name leads out of the archive; E_LABELS when an image has no label.
 */
export async function tarSamples(
  shard: string,
  kinds: readonly LabelKind[] = labelKinds,
): Promise<{ readonly samples: TarSample[]; readonly skipped: SkippedPath[] }> {
  const file = await open(shard)
  try {
    const groups = new Map<string, Entries>()
    for await (const { key, extension, entry } of keyedEntries(file, shard)) {
      groups.set(key, (groups.get(key) ?? new Map()).set(extension, entry))
    }
    const found: TarGroup[] = []
    for (const [key, entries] of groups) found.push(await groupOf(file, shard, key, entries, kinds))
    return {
      samples: found.flatMap(({ sample }) => sample ?? []),
      skipped: found.flatMap(({ skipped }) => skipped),
    }
  } finally {
    await file.close()
  }
}

/**
 * The same one after the other, in the order of the archive, where the entries of a sample follow each other, as
 * WebDataset has it. Nothing is kept.
 */
export async function* tarSampleStream(
  file: FileHandle,
  shard: string,
  kinds: readonly LabelKind[] = labelKinds,
): AsyncGenerator<TarGroup> {
  let group: { readonly key: string; readonly entries: Entries } | undefined
  for await (const { key, extension, entry } of keyedEntries(file, shard)) {
    if (group && group.key !== key) yield await groupOf(file, shard, group.key, group.entries, kinds)
    if (group?.key !== key) group = { key, entries: new Map() }
    group.entries.set(extension, entry)
  }
  if (group) yield await groupOf(file, shard, group.key, group.entries, kinds)
}

/** Entries with what their name has before and after its first dot; those without one are passed over. */
async function* keyedEntries(file: FileHandle, shard: string) {
  for await (const entry of tarEntries(file, shard)) {
    requireInside(shard, entry.name)
    const [, key, extension] = /^((?:.*\/)?[^/.]+)\.([^/]*)$/.exec(entry.name) ?? []
    if (key !== undefined && extension !== undefined) yield { key, extension: extension.toLowerCase(), entry }
  }
}

async function groupOf(
  file: FileHandle,
  shard: string,
  key: string,
  entries: Entries,
  kinds: readonly LabelKind[],
): Promise<TarGroup> {
  const images = imageExtensions.flatMap((extension) => entries.get(extension) ?? [])
  const [image, ...others] = images
  if (!image) return { skipped: [{ path: `${shard}/${key}`, reason: 'has no image' }] }
  return {
    sample: { ...image, shard, label: await labelOf(file, shard, image, entries, kinds) },
    skipped: others.map(({ name }) => ({ path: `${shard}/${name}`, reason: 'is a second image' })),
  }
}

function requireInside(shard: string, name: string): void {
  const isOutside = isAbsolute(name) || name.split(/[/\\]/).includes('..') || name.includes('\0')
  if (isOutside)
    throw new ConvkitError('E_TAR', `${shard} has the entry ${JSON.stringify(name)}, which leads out of it`)
}

async function labelOf(
  file: FileHandle,
  shard: string,
  { name }: TarEntry,
  group: ReadonlyMap<string, TarEntry>,
  kinds: readonly LabelKind[],
): Promise<string> {
  const fail = (problem: string) => new ConvkitError('E_LABELS', `${shard}: ${name} ${problem}`)
  const kind = kinds.find((extension) => group.has(extension))
  const entry = kind && group.get(kind)
  if (!entry) throw fail(`has no label: a file of the same name with .${kinds.join(' or .')} belongs to it`)
  if (entry.size > longestLabel) throw fail(`has a label of ${entry.size} bytes`)
  const { buffer } = await file.read(Buffer.alloc(entry.size), 0, entry.size, entry.offset)
  const text = buffer.toString('utf8').trim()
  const label = kind === 'json' ? labelInJson(text) : text
  if (label === undefined || label === '')
    throw fail(`has no label in ${entry.name}: ${JSON.stringify(text.slice(0, 40))}`)
  return label
}

/** A text or number, or that under `label` or `cls` in an object. */
function labelInJson(text: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value === 'object' && value !== null) {
    const values = new Map<string, unknown>(Object.entries(value))
    value = values.get('label') ?? values.get('cls')
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
