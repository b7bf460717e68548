import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError, type DatasetFormatOptions } from '@convkit/core'
import { defineDataset, type ImageDataset } from '../dataset/define-dataset.js'
import type { OpenedData } from './data-report.js'
import { divided } from './divided.js'
import { requireFolder } from './folder-layout.js'

export interface CifarOptions extends Omit<DatasetFormatOptions, 'classes'> {
  /** Which labels of CIFAR-100 are taken: its 100 classes, the default, or the 20 that they fall into. */
  readonly labels?: 'fine' | 'coarse'
  /** How many batches are decoded ahead; 2 by default. */
  readonly prefetch?: number
}

/** Files of one of the two, as they are published. */
interface Layout {
  readonly train: RegExp
  readonly test: string
  /** Bytes of labels before the pixels of an image. */
  readonly labelBytes: number
  /** Where the label is among them. */
  readonly labelAt: number
  readonly names: string
  readonly classes: number
}

const cifar10: Layout = {
  train: /^data_batch_\d+\.bin$/,
  test: 'test_batch.bin',
  labelBytes: 1,
  labelAt: 0,
  names: 'batches.meta.txt',
  classes: 10,
}
const cifar100 = { train: /^train\.bin$/, test: 'test.bin', labelBytes: 2 } as const
const coarse: Layout = { ...cifar100, labelAt: 0, names: 'coarse_label_names.txt', classes: 20 }
const fine: Layout = { ...cifar100, labelAt: 1, names: 'fine_label_names.txt', classes: 100 }

const side = 32
const plane = side * side

const layoutOf = (names: readonly string[], labels: CifarOptions['labels'] = 'fine') =>
  [cifar10, labels === 'fine' ? fine : coarse].find(({ train }) => names.some((name) => train.test(name)))

/** Whether a folder holds training files of CIFAR's binary version. */
export async function isCifar(root: string): Promise<boolean> {
  return layoutOf(await readdir(root).catch(() => [])) !== undefined
}

/**
 * Datasets in memory from a folder with the binary version of CIFAR-10 or CIFAR-100: 32×32 RGB images, those of the test
 * file for validation. https://www.cs.toronto.edu/~kriz/cifar.html
 *
 * @throws E_NOT_FOUND, E_NOT_A_FOLDER; E_CIFAR when a file is missing or has not the length of whole images, or a label is
 * none; E_OPTION.
 */
export async function cifar(root: string, options: CifarOptions = {}): Promise<OpenedData<ImageDataset>> {
  const { validation, seed, labels, prefetch } = options
  await requireFolder(root)
  const files = (await readdir(root)).sort()
  const layout = layoutOf(files, labels)
  if (!layout) throw new ConvkitError('E_CIFAR', `${root} has neither data_batch_1.bin nor train.bin`)
  const classes = files.includes(layout.names)
    ? await readNames(join(root, layout.names), layout)
    : Array.from({ length: layout.classes }, (_, label) => `${label}`)
  const open = async (names: readonly string[]) => {
    const parts = await Promise.all(names.map((name) => readImages(join(root, name), layout)))
    return datasetOf(parts.flat(), classes, prefetch)
  }
  const train = await open(files.filter((name) => layout.train.test(name)))
  const held = files.includes(layout.test) ? await open([layout.test]) : undefined
  const parts = { train, validation: held, validationFrom: held && join(root, layout.test) }
  return divided({ path: root, format: 'CIFAR' }, parts, { validation, seed })
}

/** An image with its label: the file's planes of red, green and blue. */
interface CifarImage {
  readonly name: string
  readonly label: number
  readonly planes: Uint8Array
}

async function readImages(file: string, { labelBytes, labelAt, classes }: Layout): Promise<CifarImage[]> {
  const bytes = await readFile(file)
  const record = labelBytes + 3 * plane
  if (bytes.length === 0 || bytes.length % record !== 0)
    throw new ConvkitError(
      'E_CIFAR',
      `${file} has ${bytes.length} bytes, and not those of whole images of ${record}`,
    )
  return Array.from({ length: bytes.length / record }, (_, index) => {
    const start = index * record
    const label = bytes[start + labelAt] as number
    if (label >= classes)
      throw new ConvkitError(
        'E_CIFAR',
        `${file}[${index}] has the label ${label}, where 0 to ${classes - 1} are expected`,
      )
    return { name: `${file}[${index}]`, label, planes: bytes.subarray(start + labelBytes, start + record) }
  })
}

function datasetOf(
  images: readonly CifarImage[],
  classes: readonly string[],
  prefetch: number | undefined,
): ImageDataset {
  const at = (index: number) => images[index] as CifarImage
  return defineDataset({
    classes,
    labels: images.map(({ label }) => label),
    path: (index) => at(index).name,
    item: (index) => {
      const { planes } = at(index)
      const data = new Uint8Array(3 * plane)
      for (let i = 0; i < data.length; i++) data[i] = planes[(i % 3) * plane + Math.floor(i / 3)] as number
      return { height: side, width: side, channels: 3, data }
    },
    prefetch,
  })
}

async function readNames(file: string, { classes }: Layout): Promise<string[]> {
  const names = (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '')
  if (names.length === classes) return names
  throw new ConvkitError('E_CIFAR', `${file} names ${names.length} classes, where ${classes} are expected`)
}
