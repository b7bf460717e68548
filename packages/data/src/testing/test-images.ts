import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { type ImageExtent, imagenetPreprocessing, type Pixels } from '@convkit/core'
import sharp from 'sharp'
import { imageFiles } from '../formats/encoded-images.js'

/** A folder that tests write to; `remove` deletes it. */
export async function temporaryFolder() {
  const root = await mkdtemp(join(tmpdir(), 'convkit-data-'))
  return {
    root,
    remove: () => rm(root, { recursive: true, force: true }),
    /** Writes a file, and the folders on the way to it; gives its path. */
    async write(name: string, content: string | Uint8Array) {
      const path = join(root, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, content)
      return path
    },
  }
}

/** Smooth colours with some detail, different for each seed. */
export function testPixels(height: number, width: number, channels: 1 | 3 = 3, seed = 0): Pixels {
  const data = new Uint8Array(height * width * channels)
  let i = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const wave = Math.sin((x * (c + 1)) / 9 + seed) * Math.cos((y * (3 - c)) / 13 + seed)
        const grain = ((x * 7 + y * 13 + c * 5 + seed * 11) % 17) - 8
        data[i++] = 128 + 100 * wave + grain
      }
    }
  }
  return { height, width, channels, data }
}

/** A pipeline that starts with these pixels. */
export function fromPixels({ data, height, width, channels }: Pixels) {
  return sharp(data, { raw: { height, width, channels } })
}

/** The bytes of a small PNG, different for each seed. */
export const testPng = (seed: number, height = 24, width = 32) =>
  fromPixels(testPixels(height, width, 3, seed))
    .png()
    .toBuffer()

/** The bytes of a JPEG that is large enough to be cut off in its data. */
export const testJpeg = (height = 120, width = 160) =>
  fromPixels(testPixels(height, width)).jpeg({ quality: 95 }).toBuffer()

/** A black PNG of one bit a pixel: tens of kilobytes, whatever its size. */
export function blackPng(side: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const rows = Buffer.alloc(side * (1 + Math.ceil(side / 8)))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}

/** Mean and largest difference of two images of one size, in grey levels. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): { mean: number; max: number } {
  if (a.length !== b.length) throw new Error(`${a.length} values are compared with ${b.length}`)
  let sum = 0
  let max = 0
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs((a[i] as number) - (b[i] as number))
    sum += distance
    max = Math.max(max, distance)
  }
  return { mean: sum / a.length, max }
}

/** An image file as a crop of all of it for training: `[8, 8, 3]`. */
export function trainingInput(path: string): Promise<Uint8Array> {
  const dataset = imageFiles({ paths: [path], labels: [0], classes: ['one'] })
  const crop = (image: ImageExtent) => ({ left: 0, top: 0, ...image })
  const augment = { augmentation: { name: 'whole', crop, transforms: [] }, seed: 0, epoch: 0 }
  const preprocessing = { ...imagenetPreprocessing, inputSize: [8, 8], cropPct: 1 } as const
  return dataset.input(0, preprocessing, { augment })
}
