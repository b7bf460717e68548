import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { ConvkitError } from '@convkit/core'
import { defineDataset, type ImageDataset } from '../dataset/define-dataset.js'

/** An array of bytes as an IDX file holds it. */
export interface IdxArray {
  readonly shape: readonly number[]
  /** Row-major. */
  readonly data: Uint8Array
}

/**
 * Reads the IDX format of MNIST: two zero bytes, the type (8 for unsigned bytes), the number of dimensions, each
 * dimension as a big-endian 32-bit integer, then the values. http://yann.lecun.com/exdb/mnist/
 *
 * @throws E_IDX when it is no such file, has values of another type, or is shorter or longer than its dimensions say.
 */
export function parseIdx(bytes: Uint8Array, name = 'The file'): IdxArray {
  const fail = (reason: string) => new ConvkitError('E_IDX', `${name} ${reason}`)
  const [zero0, zero1, type, rank] = bytes
  if (type === undefined || rank === undefined) throw fail(`is no IDX file: it has ${bytes.length} bytes`)
  if (zero0 !== 0 || zero1 !== 0 || rank === 0) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString('hex')
    throw fail(
      `is no IDX file: it starts with ${start}, where 00000803 (images) or 00000801 (labels) is expected`,
    )
  }
  if (type !== 8)
    throw fail(`holds values of type 0x${type.toString(16)}: only unsigned bytes (0x8) are read`)
  const start = 4 + 4 * rank
  if (bytes.length < start) throw fail(`is truncated: its header of ${start} bytes has ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const size = shape.reduce((product, dimension) => product * dimension, 1)
  const data = bytes.subarray(start)
  if (data.length !== size) {
    const verdict = data.length < size ? 'is truncated' : 'has bytes after its end'
    throw fail(`${verdict}: ${shape.join(' × ')} values are announced, and ${data.length} follow`)
  }
  return { shape, data }
}

export interface IdxOptions {
  /** Names of the classes; the labels as text by default: `0`, `1`, … */
  readonly classes?: readonly string[]
  /** How many batches are decoded ahead; 2 by default. */
  readonly prefetch?: number
}

/**
 * A dataset in memory from a pair of IDX files, plain or gzipped: grey images `[n, h, w]` or RGB ones `[n, h, w, 3]`,
 * and labels `[n]`.
 *
 * @throws E_IDX when a file is missing, is none, or the two do not belong together.
 */
export async function idx(
  imagesFile: string,
  labelsFile: string,
  options: IdxOptions = {},
): Promise<ImageDataset> {
  const [images, labels] = await Promise.all([readIdx(imagesFile), readIdx(labelsFile)])
  const [count = 0, height = 0, width = 0, channels = 1] = images.shape
  const isImages = (images.shape.length === 3 || images.shape.length === 4) && images.data.length > 0
  if (!isImages || (channels !== 1 && channels !== 3)) {
    throw new ConvkitError(
      'E_IDX',
      `${imagesFile} holds ${images.shape.join(' × ')} values, and no images [n, h, w]`,
    )
  }
  if (labels.shape.length !== 1 || labels.data.length !== count) {
    throw new ConvkitError(
      'E_IDX',
      `${labelsFile} holds ${labels.shape.join(' × ')} values, and not a label for each of the ${count} images of ${imagesFile}`,
    )
  }
  const stride = height * width * channels
  return defineDataset({
    classes: options.classes ?? labelNames(labels.data),
    labels: labels.data,
    path: (index) => `${imagesFile}[${index}]`,
    item: (index) => ({
      height,
      width,
      channels,
      data: images.data.subarray(index * stride, (index + 1) * stride),
    }),
    prefetch: options.prefetch,
  })
}

/** `0` to the largest label, as text. */
function labelNames(labels: Uint8Array): string[] {
  const largest = labels.reduce((a, b) => Math.max(a, b), 0)
  return Array.from({ length: largest + 1 }, (_, label) => `${label}`)
}

/** Reads and parses a file, unpacking it when its first bytes are gzip's. */
async function readIdx(path: string): Promise<IdxArray> {
  const file = await readFile(path).catch((cause: Error) => {
    throw new ConvkitError('E_IDX', `${path} cannot be read: ${cause.message}`, { cause })
  })
  if (file[0] !== 0x1f || file[1] !== 0x8b) return parseIdx(file, path)
  const unpacked = await promisify(gunzip)(file).catch((cause: Error) => {
    throw new ConvkitError('E_IDX', `${path} cannot be unpacked: ${cause.message}`, { cause })
  })
  return parseIdx(unpacked, path)
}
