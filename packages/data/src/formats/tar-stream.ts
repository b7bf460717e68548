import { type FileHandle, open } from 'node:fs/promises'
import { ConvkitError } from '@convkit/core'
import type { ImageDataset } from '../dataset/define-dataset.js'
import { type Shard, shardStream } from '../dataset/shard-stream.js'
import { type ImageSource, requireImageSize } from '../images/image-source.js'
import { unreadable } from '../images/unreadable.js'
import { type ClassNames, classNames } from './class-names.js'
import { type OpenedData, opened } from './data-report.js'
import { dividedShards } from './divided-shards.js'
import type { SkippedPath } from './list-images.js'
import { type TarSample, tarSampleStream } from './tar-samples.js'
import type { TarShardsOptions } from './tar-shards.js'

export interface TarStreamOptions extends TarShardsOptions {
  /** From how many images the next one is drawn where the order is shuffled; 1,000 by default. */
  readonly shuffleBuffer?: number
}

/** A shard with the labels of its images as they are written. */
interface LabelledShard {
  readonly path: string
  readonly labels: readonly string[]
}

/**
 * WebDataset shards, named as for `tarShards`, as streams: each is read from its beginning to its end, which suits network
 * and spinning disks, and memory holds a label for each image and no more than `shuffleBuffer` files; see `shardStream`.
 *
 * Headers and labels are read once when it is opened. The entries of a sample must follow each other.
 *
 * @throws E_NOT_FOUND, E_TAR, E_LABELS, E_ONE_CLASS; E_OPTION for a share of images to validate on: name shards for that.
 */
export async function tarStream(
  path: string,
  options: TarStreamOptions = {},
): Promise<OpenedData<ImageDataset>> {
  const { validation: wanted, classes: given } = options
  if (typeof wanted === 'number' && wanted !== 0) {
    const remedy = "name shards for it, or have 'val' in the names of some"
    throw new ConvkitError('E_OPTION', `A stream cannot be divided into a share of ${wanted}: ${remedy}`)
  }
  const shards = await dividedShards(path, '.tar', typeof wanted === 'string' ? wanted : undefined)
  const skipped: SkippedPath[] = []
  const trained = await labelledShards(shards.train, options, skipped)
  const held = await labelledShards(shards.validation, options, skipped)
  const names = classNames(new Set(trained.flatMap(({ labels }) => labels)), given)
  if (names.classes.length < 2) {
    const found = names.classes.length === 0 ? 'no images' : `one label, ${names.classes[0]}`
    throw new ConvkitError('E_ONE_CLASS', `${path} has ${found}: a classifier needs two labels or more`)
  }
  const parts = {
    train: streamOf(trained, names, options),
    validation: held.length > 0 ? streamOf(held, names, options) : undefined,
  }
  const { validationFrom } = shards
  return opened({ path, format: 'tar stream' }, parts, { ...(validationFrom && { validationFrom }), skipped })
}

async function labelledShards(
  paths: readonly string[],
  { labels: kind }: TarStreamOptions,
  skipped: SkippedPath[],
): Promise<LabelledShard[]> {
  const shards: LabelledShard[] = []
  // One text for each label, however many images have it
  const texts = new Map<string, string>()
  for (const path of paths) {
    const labels: string[] = []
    const file = await open(path)
    try {
      for await (const group of tarSampleStream(file, path, kind && [kind])) {
        skipped.push(...group.skipped)
        if (!group.sample) continue
        const { label } = group.sample
        if (!texts.has(label)) texts.set(label, label)
        labels.push(texts.get(label) ?? label)
      }
    } finally {
      await file.close()
    }
    shards.push({ path, labels })
  }
  return shards
}

function streamOf(
  shards: readonly LabelledShard[],
  { classes, indexOf }: ClassNames,
  { labels: kind, ...options }: TarStreamOptions,
): ImageDataset {
  const labelOf = (path: string, label: string) => {
    const index = indexOf(label)
    if (index !== undefined) return index
    const known = classes.slice(0, 10).join(', ')
    throw new ConvkitError('E_LABELS', `${path} has the label ${label}, and the classes are ${known}`)
  }
  return shardStream({
    ...options,
    classes,
    shards: shards.map(
      ({ path, labels }): Shard => ({
        name: path,
        labels: Uint32Array.from(labels, (label) => labelOf(path, label)),
        async *images(isWanted) {
          const file = await open(path).catch((cause) => {
            const missing = `${path} is missing, which was there when the data was opened`
            throw new ConvkitError('E_NOT_FOUND', missing, { cause })
          })
          try {
            let place = 0
            for await (const { sample } of tarSampleStream(file, path, kind && [kind])) {
              if (!sample) continue
              if (isWanted(place)) yield { place, source: await sourceOf(file, sample, options) }
              place++
            }
          } finally {
            await file.close()
          }
        },
      }),
    ),
  })
}

/** An image that was read, or the reason why not: one that is unreadable does not end the stream. */
async function sourceOf(
  file: FileHandle,
  { shard, name: entry, offset, size }: TarSample,
  options: TarStreamOptions,
): Promise<ImageSource> {
  const name = `${shard}/${entry}`
  try {
    requireImageSize({ name }, size, options)
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(size), 0, size, offset)
    return { name, bytes: () => buffer.subarray(0, bytesRead) }
  } catch (error) {
    const reason =
      error instanceof ConvkitError ? error : unreadable({ name }, 'cannot be read from its archive', error)
    return { name, bytes: () => Promise.reject(reason) }
  }
}
