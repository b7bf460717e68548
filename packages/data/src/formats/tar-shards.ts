import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { ConvkitError, type DatasetFormatOptions } from '@convkit/core'
import type { ImageDataset } from '../dataset/define-dataset.js'
import { type ImageSource, requireImageSize } from '../images/image-source.js'
import { unreadable } from '../images/unreadable.js'
import { type ClassNames, classNames } from './class-names.js'
import type { OpenedData } from './data-report.js'
import { divided } from './divided.js'
import { dividedShards } from './divided-shards.js'
import { type DecodingOptions, encodedImages } from './encoded-images.js'
import { isFolder } from './folder-layout.js'
import { folderEntries } from './list-images.js'
import { type LabelKind, type TarSample, tarSamples } from './tar-samples.js'

export interface TarShardsOptions extends DatasetFormatOptions, DecodingOptions {
  /** Which file of a sample holds its label; the first of cls, txt and json that it has by default. */
  readonly labels?: LabelKind
}

/** Whether a path is named like a tar archive, or is a folder that holds some. */
export async function isTarShards(path: string): Promise<boolean> {
  if (!(await isFolder(path))) return extname(path).toLowerCase() === '.tar'
  const { files, folders } = await folderEntries(path)
  return folders.length === 0 && files.some((name) => extname(name).toLowerCase() === '.tar')
}

/**
 * Datasets from WebDataset shards: one `.tar`, a range `photos-{000..009}.tar`, or a folder of them; shards with `val`,
 * `validation`, `valid` or `test` in their name are for validation. Headers and labels are read once; an image is read
 * from its place in the archive when it is used, and nothing is ever unpacked.
 *
 * @throws E_NOT_FOUND, E_TAR, E_LABELS, E_ONE_CLASS, E_OPTION.
 */
export async function tarShards(
  path: string,
  options: TarShardsOptions = {},
): Promise<OpenedData<ImageDataset>> {
  const { validation: wanted, seed, classes: given, labels, ...decoding } = options
  const shards = await dividedShards(path, '.tar', wanted)
  const trained = await samplesOf(shards.train, labels)
  const held = await samplesOf(shards.validation, labels)
  const names = classNames(
    trained.samples.map(({ label }) => label),
    given,
  )
  if (trained.samples.length === 0)
    throw new ConvkitError('E_TAR', `${path} holds no images in its ${shards.train.length} shards`)
  if (names.classes.length === 1)
    throw new ConvkitError(
      'E_ONE_CLASS',
      `${path} has one label, ${names.classes[0]}: a classifier needs two or more`,
    )
  const parts = {
    train: datasetOf(trained.samples, names, decoding),
    validation: held.samples.length > 0 ? datasetOf(held.samples, names, decoding) : undefined,
    validationFrom: shards.validationFrom,
    skipped: [...trained.skipped, ...held.skipped],
  }
  return divided({ path, format: 'tar' }, parts, { validation: wanted, seed })
}

async function samplesOf(shards: readonly string[], labels: LabelKind | undefined) {
  const found = []
  for (const shard of shards) found.push(await tarSamples(shard, labels && [labels]))
  return {
    samples: found.flatMap(({ samples }) => samples),
    skipped: found.flatMap(({ skipped }) => skipped),
  }
}

function datasetOf(
  samples: readonly TarSample[],
  { classes, indexOf }: ClassNames,
  decoding: DecodingOptions,
): ImageDataset {
  const at = (index: number) => samples[index] as TarSample
  const path = (index: number) => `${at(index).shard}/${at(index).name}`
  return encodedImages({
    ...decoding,
    classes,
    labels: samples.map(({ shard, name, label }) => {
      const index = indexOf(label)
      if (index !== undefined) return index
      const known = classes.slice(0, 10).join(', ')
      throw new ConvkitError(
        'E_LABELS',
        `${shard}: ${name} has the label ${label}, and the classes are ${known}`,
      )
    }),
    path,
    source: (index) => entrySource(path(index), at(index), decoding),
  })
}

function entrySource(
  name: string,
  { shard, offset, size }: TarSample,
  decoding: DecodingOptions,
): ImageSource {
  const source = { name }
  return {
    ...source,
    async bytes() {
      requireImageSize(source, size, decoding)
      const file = await open(shard).catch((error) => {
        throw unreadable(source, 'is missing with its archive', error)
      })
      try {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, offset)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
  }
}
