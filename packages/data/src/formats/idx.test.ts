import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ConvkitError } from '@convkit/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDataset } from '../open-dataset.js'
import { temporaryFolder } from '../testing/test-images.js'
import { idx, parseIdx } from './idx.js'
import { idxFolder } from './idx-folder.js'

/** The bytes of an IDX file. */
function encodeIdx(shape: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, 8, shape.length])
  for (const [i, dimension] of shape.entries()) header.writeUInt32BE(dimension, 4 + 4 * i)
  return Buffer.concat([header, data])
}

const count = (length: number) => Uint8Array.from({ length }, (_, i) => i)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

describe('parsing', () => {
  test('gives back what was written', () => {
    const shapes = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat(255)), (shape, stream) => {
        const data = Uint8Array.from([...stream.take(shape.reduce((a, b) => a * b, 1))])
        expect(parseIdx(Uint8Array.from(encodeIdx(shape, data)))).toEqual({ shape, data })
      }),
    )
  })

  test('of any bytes, with or without a right start, ends in an array or in E_IDX', () => {
    const start = fc.constantFrom([], [0, 0, 8], [0, 0, 8, 3], [0, 0, 8, 1, 0, 0, 0], [0, 0, 8, 255])
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 64 }), (first, rest) => {
        try {
          const { shape, data } = parseIdx(Uint8Array.from([...first, ...rest]))
          expect(data.length).toBe(shape.reduce((a, b) => a * b, 1))
        } catch (error) {
          expect(error).toBeInstanceOf(ConvkitError)
          expect(error).toMatchObject({ code: 'E_IDX' })
        }
      }),
      { numRuns: 1000 },
    )
  })

  const images = encodeIdx([2, 2, 2], count(8))
  test.each([
    ['no bytes', new Uint8Array(0), 'The file is no IDX file: it has 0 bytes'],
    [
      'another file',
      Buffer.from('PNG image'),
      'it starts with 504e4720, where 00000803 (images) or 00000801',
    ],
    ['other values', Buffer.from([0, 0, 13, 1, 0, 0, 0, 0]), 'holds values of type 0xd: only unsigned bytes'],
    ['a cut header', images.subarray(0, 10), 'is truncated: its header of 16 bytes has 10'],
    ['cut data', images.subarray(0, 20), 'is truncated: 2 × 2 × 2 values are announced, and 4 follow'],
    ['bytes after the end', Buffer.concat([images, count(1)]), 'has bytes after its end: 2 × 2 × 2 values'],
    ['an absurd size', encodeIdx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], count(8)), 'is truncated'],
  ])('%s', (_, bytes, message) => {
    expect(() => parseIdx(bytes)).toThrow(message)
  })
})

describe('a pair of files', () => {
  const pair = async (images: Uint8Array, labels: Uint8Array) =>
    [await folder.write('images', images), await folder.write('labels', labels)] as const

  test('images and labels, gzipped or not', async () => {
    const files = await pair(gzipSync(encodeIdx([3, 2, 2], count(12))), encodeIdx([3], count(3)))
    const dataset = await idx(...files)
    expect(dataset.classes).toEqual(['0', '1', '2'])
    const { pixels, label, path } = await dataset.item(1)
    expect({ ...pixels, data: [...pixels.data] }).toEqual({
      height: 2,
      width: 2,
      channels: 1,
      data: [4, 5, 6, 7],
    })
    expect([label, path]).toEqual([1, `${files[0]}[1]`])
  })

  test('names of classes', async () => {
    const files = await pair(encodeIdx([2, 1, 1, 3], count(6)), encodeIdx([2], count(2)))
    const dataset = await idx(...files, { classes: ['shirt', 'shoe', 'bag'] })
    expect(dataset.classes).toEqual(['shirt', 'shoe', 'bag'])
    expect((await dataset.item(1)).pixels).toMatchObject({ channels: 3 })
    await expect(idx(...files, { classes: ['shirt'] })).rejects.toMatchObject({ code: 'E_DATASET' })
  })

  test.each([
    [
      'labels for other images',
      encodeIdx([3, 1, 1], count(3)),
      encodeIdx([2], count(2)),
      'a label for each of the 3 images',
    ],
    [
      'labels as images',
      encodeIdx([3], count(3)),
      encodeIdx([3], count(3)),
      'holds 3 values, and no images [n, h, w]',
    ],
    ['two channels', encodeIdx([1, 1, 1, 2], count(2)), encodeIdx([1], count(1)), 'and no images [n, h, w]'],
    ['no image', encodeIdx([0, 2, 2], count(0)), encodeIdx([0], count(0)), 'holds 0 × 2 × 2 values'],
    [
      'a broken archive',
      gzipSync(encodeIdx([1, 1, 1], count(1))).subarray(0, 20),
      encodeIdx([1], count(1)),
      'cannot be unpacked',
    ],
  ])('%s', async (_, images, labels, message) => {
    const opening = idx(...(await pair(images, labels)))
    await expect(opening).rejects.toMatchObject({ code: 'E_IDX', message: expect.stringContaining(message) })
  })

  test('a missing file', async () => {
    const opening = idx(join(folder.root, 'none'), join(folder.root, 'none'))
    await expect(opening).rejects.toMatchObject({
      code: 'E_IDX',
      message: expect.stringContaining('cannot be read'),
    })
  })
})

describe('a folder', () => {
  const labels = encodeIdx(
    [20],
    Uint8Array.from({ length: 20 }, (_, i) => i % 4),
  )
  const images = encodeIdx([20, 1, 1], count(20))

  test('the t10k files are for validation', async () => {
    await folder.write('both/train-images-idx3-ubyte.gz', gzipSync(images))
    await folder.write('both/train-labels-idx1-ubyte.gz', gzipSync(labels))
    await folder.write('both/t10k-images-idx3-ubyte', encodeIdx([2, 1, 1], count(2)))
    await folder.write('both/t10k-labels-idx1-ubyte', encodeIdx([2], count(2)))
    const { train, validation, report } = await openDataset(join(folder.root, 'both'), { validation: 0.5 })
    expect([train.length, validation?.length]).toEqual([20, 2])
    expect(validation?.classes).toEqual(train.classes)
    expect(report.format).toBe('IDX')
    expect(report.classes[0]).toEqual({ label: '0', train: 5, validation: 1 })
    expect(report.warnings).toEqual([expect.stringContaining('validation 0.5 has no effect')])
  })

  test('without them a share of the images is', async () => {
    await folder.write('alone/train-images.idx3-ubyte', images)
    await folder.write('alone/train-labels.idx1-ubyte', labels)
    const root = join(folder.root, 'alone')
    const { train, validation, report } = await openDataset(root, { validation: 0.2, seed: 3 })
    expect([train.length, validation?.length]).toEqual([16, 4])
    expect(report.validationFrom).toEqual({ fraction: 0.2, seed: 3 })
    expect((await idxFolder(root)).validation).toBeUndefined()
    await expect(openDataset(root, { validation: 'val' })).rejects.toMatchObject({ code: 'E_OPTION' })
  })

  test('a folder without both training files', async () => {
    await folder.write('half/train-images-idx3-ubyte', images)
    await expect(idxFolder(join(folder.root, 'half'))).rejects.toThrow(
      'lacks train-images-idx3-ubyte or train-labels',
    )
  })
})
