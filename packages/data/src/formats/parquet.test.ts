import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { imagenetPreprocessing } from '@convkit/core'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkImages } from '../dataset/check-images.js'
import { openDataset } from '../open-dataset.js'
import { temporaryFolder, testPng } from '../testing/test-images.js'
import { parquet } from './parquet.js'
import type { ParquetFile } from './parquet-file.js'
import { rowGroups } from './row-groups.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let pngs: Uint8Array[]
beforeAll(async () => {
  folder = await temporaryFolder()
  pngs = await Promise.all([0, 1, 2, 3, 4].map(async (seed) => Uint8Array.from(await testPng(seed))))
})
afterAll(() => folder.remove())

type Image = { readonly bytes: Uint8Array | null; readonly path: string | null } | null

/** A file with the schema and metadata of Hugging Face's datasets. */
async function write(
  name: string,
  images: readonly Image[],
  labels: readonly (number | null)[],
  names?: readonly string[],
) {
  const features = { image: { _type: 'Image' }, label: { _type: 'ClassLabel', names } }
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'image', data: [...images] },
      { name: 'label', data: labels.map((label) => (label === null ? null : BigInt(label))) },
    ],
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
    ],
    rowGroupSize: 2,
    ...(names && { kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }] }),
  })
  return folder.write(name, new Uint8Array(bytes))
}

const imageAt = (index: number): Image => ({ bytes: pngs[index] as Uint8Array, path: `${index}.png` })
const five = () => [0, 1, 2, 3, 4].map(imageAt)

describe('a Parquet file', () => {
  test('images of several row groups, labels by the names in the metadata', async () => {
    const path = await write('named.parquet', five(), [1, 0, 1, 0, 1], ['cat', 'dog'])
    const { train, report } = await openDataset(path)
    expect([train.classes, Array.from(train.labels)]).toEqual([
      ['cat', 'dog'],
      [1, 0, 1, 0, 1],
    ])
    expect([report.format, train.path(3)]).toEqual(['parquet', `${path}[3]`])
    const check = await checkImages(train)
    expect(check.images).toBe(5)
    const all = await Promise.all(
      [4, 0, 3].map(async (index) => Buffer.from((await train.item(index)).pixels.data).toString('hex')),
    )
    expect(new Set(all).size).toBe(3)
  })

  test('null images are unreadable, and paths are not followed', async () => {
    const images = [imageAt(0), null, { bytes: null, path: '/etc/passwd' }, imageAt(1)]
    const path = await write('nulls.parquet', images, [0, 1, 0, 1])
    const { train } = await parquet(path)
    expect(train.classes).toEqual(['0', '1'])
    expect((await checkImages(train)).unreadable).toEqual([
      { path: `${path}[1]`, reason: 'is null' },
      { path: `${path}[2]`, reason: 'is null' },
    ])
  })

  test('texts as labels, bytes alone as images, columns of other names', async () => {
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'jpg', data: pngs, type: 'BYTE_ARRAY' },
        { name: 'species', data: ['fox', 'cat', 'fox', 'cat', 'fox'], type: 'STRING' },
      ],
    })
    const path = await folder.write('plain.parquet', new Uint8Array(bytes))
    const { train } = await parquet(path, { columns: { image: 'jpg', label: 'species' } })
    expect([train.classes, Array.from(train.labels)]).toEqual([
      ['cat', 'fox'],
      [1, 0, 1, 0, 1],
    ])
    expect((await train.item(2)).pixels).toMatchObject({ height: 24, width: 32 })
    await expect(parquet(path)).rejects.toMatchObject({
      code: 'E_PARQUET',
      message: expect.stringContaining(
        'has no column image or img or picture or photo for the image, only jpg, species',
      ),
    })
  })

  test('a folder, divided by names', async () => {
    await write('data/train-00000-of-00002.parquet', five().slice(0, 2), [0, 1], ['cat', 'dog'])
    await write('data/train-00001-of-00002.parquet', five().slice(2, 4), [0, 1], ['cat', 'dog'])
    await write('data/test-00000-of-00001.parquet', five().slice(4), [1], ['cat', 'dog'])
    const { train, validation, report } = await openDataset(join(folder.root, 'data'))
    expect([train.length, validation?.length, report.validationFrom]).toEqual([
      4,
      1,
      'test-00000-of-00001.parquet',
    ])
  })

  test('what is wrong', async () => {
    const broken = await folder.write('broken.parquet', 'PAR1 and no more')
    await expect(parquet(broken)).rejects.toMatchObject({
      code: 'E_PARQUET',
      message: expect.stringContaining('cannot be read'),
    })
    const whole = await readFile(await write('whole.parquet', five(), [0, 1, 0, 1, 0]))
    await expect(parquet(await folder.write('cut.parquet', whole.subarray(0, 400)))).rejects.toMatchObject({
      code: 'E_PARQUET',
    })
    await expect(parquet(await write('bare.parquet', five().slice(0, 2), [0, null]))).rejects.toThrow(
      'has no label in row 1',
    )
    await expect(parquet(await write('one.parquet', five().slice(0, 2), [0, 0]))).rejects.toMatchObject({
      code: 'E_ONE_CLASS',
    })
    await expect(parquet(join(folder.root, 'none.parquet'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  })
})

test('row groups beyond the limit are let go, the least recently used first', async () => {
  const loads: number[] = []
  const file: ParquetFile = {
    name: 'file',
    labels: [],
    classes: undefined,
    groupStarts: [0, 1, 2, 3],
    groupBytes: 10,
    async images(group) {
      loads.push(group)
      return [new Uint8Array(10)]
    },
  }
  const groups = rowGroups(20)
  for (const row of [0, 1, 0, 2, 0, 1]) expect(await groups.image(file, row)).toHaveLength(10)
  expect(loads).toEqual([0, 1, 2, 1])
})

test('a shuffled order reads each row group once where memory holds two of three', async () => {
  const path = await write('shuffled.parquet', five(), [1, 0, 1, 0, 1])
  const orderOf = async (maxBytes: number | undefined, epoch: number) => {
    const { train } = await parquet(path, { ...(maxBytes && { maxBytes }) })
    const order: number[] = []
    const options = { batchSize: 1, preprocessing: imagenetPreprocessing, shuffle: { seed: 2, epoch } }
    for await (const { indices } of train.batches(options)) order.push(indices[0] as number)
    return order
  }
  for (const epoch of [0, 1, 2, 3]) {
    const order = await orderOf(1, epoch)
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4])
    const groups = order.map((index) => index >> 1)
    expect(groups.filter((group, i) => group !== groups[i - 1])).toHaveLength(3)
  }
  const everywhere = await Promise.all([0, 1, 2, 3].map((epoch) => orderOf(undefined, epoch)))
  expect(
    everywhere.some((order) => order.filter((i, at) => i >> 1 !== (order[at - 1] ?? -9) >> 1).length > 3),
  ).toBe(true)
})
