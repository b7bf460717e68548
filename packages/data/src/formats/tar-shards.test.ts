import { open, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ConvkitError } from '@convkit/core'
import fc from 'fast-check'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkImages } from '../dataset/check-images.js'
import { openDataset } from '../open-dataset.js'
import { temporaryFolder, testPng } from '../testing/test-images.js'
import { expandShards } from './shard-names.js'
import { type TarEntry, tarEntries } from './tar-entries.js'
import { tarShards } from './tar-shards.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

type Files = Readonly<Record<string, string | Uint8Array>>
const tar = (files: Files) =>
  packTar(
    Object.entries(files).map(([name, content]) => {
      const body = typeof content === 'string' ? Buffer.from(content) : content
      return { header: { name, size: body.length }, body }
    }),
  )
const write = async (name: string, files: Files) => folder.write(name, await tar(files))

async function entriesOf(path: string): Promise<TarEntry[]> {
  const file = await open(path)
  try {
    const entries: TarEntry[] = []
    for await (const entry of tarEntries(file, basename(path))) entries.push(entry)
    return entries
  } finally {
    await file.close()
  }
}

describe('entries', () => {
  test('are those that were packed, long names and others too, at their places', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.stringMatching(/^[a-zé/ ]{0,250}[a-z]$/).filter((name) => !name.startsWith('/')),
          fc.uint8Array({ maxLength: 1500 }),
          { maxKeys: 5 },
        ),
        async (files) => {
          const bytes = Buffer.from(await tar(files))
          const entries = await entriesOf(await folder.write('packed.tar', bytes))
          const found = entries.map(({ name, offset, size }) => [
            name,
            [...bytes.subarray(offset, offset + size)],
          ])
          expect(found).toEqual(Object.entries(files).map(([name, content]) => [name, [...content]]))
        },
      ),
      { numRuns: 40 },
    ))

  test('of an archive that is cut anywhere are refused', async () => {
    const bytes = await tar({ 'a.png': new Uint8Array(700), 'b.cls': '1' })
    for (const end of [0, 100, 511, 512, 600, 1300, 1536, 2000, 2048, 2600]) {
      const path = await folder.write('cut.tar', bytes.subarray(0, Math.min(end, bytes.length - 1024)))
      await expect(entriesOf(path), `${end} bytes`).rejects.toMatchObject({
        code: 'E_TAR',
        message: expect.stringContaining('cut.tar is truncated'),
      })
    }
  })

  test('any change of a byte ends in entries or in E_TAR', async () => {
    const bytes = await tar({ [`${'n'.repeat(160)}.png`]: 'image', 'b.cls': '1' })
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = value
        await entriesOf(await folder.write('changed.tar', changed)).catch((error) => {
          expect(error).toBeInstanceOf(ConvkitError)
          expect(error).toMatchObject({ code: 'E_TAR' })
        })
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    [
      'gzip',
      Uint8Array.from({ length: 1024 }, (_, i) => [0x1f, 0x8b][i] ?? 1),
      /is compressed: unpack it with gunzip/,
    ],
    ['another file', new Uint8Array(1024).fill(7), /is no tar archive at byte 0/],
  ])('%s', async (_, bytes, message) => {
    await expect(entriesOf(await folder.write('other.tar', bytes))).rejects.toThrow(message)
  })
})

describe('shards', () => {
  const sample = async (key: string, label: string, seed: number, kind = 'cls') => ({
    [`${key}.png`]: await testPng(seed),
    [`${key}.${kind}`]: label,
  })

  test('ranges', () => {
    expect(expandShards('a-{008..011}.tar')).toEqual(['a-008.tar', 'a-009.tar', 'a-010.tar', 'a-011.tar'])
    expect(expandShards('{0..1}-{0..1}.tar')).toEqual(['0-0.tar', '0-1.tar', '1-0.tar', '1-1.tar'])
    expect(expandShards('a.tar')).toEqual(['a.tar'])
    for (const range of ['a-{3..1}.tar', 'a-{0..9999999}.tar'])
      expect(() => expandShards(range)).toThrow('must count up')
  })

  test('images and labels of a range, read by index; nothing is unpacked', async () => {
    await write('range/p-0.tar', { ...(await sample('a/1', '3', 1)), ...(await sample('a/2', '10', 2)) })
    await write('range/p-1.tar', { ...(await sample('b', '3', 3)), 'c.txt': 'caption' })
    const root = join(folder.root, 'range')
    const { train, report } = await openDataset(join(root, 'p-{0..1}.tar'))
    expect([train.classes, Array.from(train.labels)]).toEqual([
      ['3', '10'],
      [0, 1, 0],
    ])
    expect(train.path(1)).toBe(`${join(root, 'p-0.tar')}/a/2.png`)
    expect((await train.item(2)).pixels).toMatchObject({ height: 24, width: 32 })
    expect(Buffer.compare((await train.item(2)).pixels.data, (await train.item(0)).pixels.data)).not.toBe(0)
    expect(report).toMatchObject({
      format: 'tar',
      skipped: [{ path: `${join(root, 'p-1.tar')}/c`, reason: 'has no image' }],
    })
    expect(await readdir(root)).toEqual(['p-0.tar', 'p-1.tar'])
  })

  test('a folder, divided by names; labels as text and JSON', async () => {
    await write('named/train-0.tar', {
      ...(await sample('1', ' cat\n', 1, 'txt')),
      ...(await sample('2', '{"label":"dog"}', 2, 'json')),
    })
    await write('named/val-0.tar', await sample('1', '"dog"', 3, 'json'))
    const { train, validation, report } = await openDataset(join(folder.root, 'named'))
    expect([train.classes, validation?.length, Array.from(validation?.labels ?? [])]).toEqual([
      ['cat', 'dog'],
      1,
      [1],
    ])
    expect(report.validationFrom).toBe('val-0.tar')
  })

  test('names of classes; a share for validation', async () => {
    const files = await Promise.all(Array.from({ length: 10 }, (_, i) => sample(`${i}`, `${i % 2}`, i)))
    const path = await write('ten.tar', Object.assign({}, ...files))
    const { train, validation } = await tarShards(path, { classes: ['cat', 'dog'], validation: 0.2 })
    expect([train.length, validation?.length, train.classes]).toEqual([8, 2, ['cat', 'dog']])
    await expect(tarShards(path, { classes: ['cat'] })).rejects.toMatchObject({ code: 'E_ONE_CLASS' })
  })

  test('an image that is damaged, or whose archive is gone since, is unreadable', async () => {
    const path = await write('damaged.tar', {
      ...(await sample('a', '0', 1)),
      'b.png': 'no image',
      'b.cls': '1',
    })
    const { train } = await tarShards(path)
    expect((await checkImages(train)).unreadable).toEqual([
      { path: `${path}/b.png`, reason: 'is not an image' },
    ])
    await rm(path)
    await expect(train.item(0)).rejects.toMatchObject({ code: 'E_IMAGE' })
  })

  test.each([
    [
      'a way out',
      { '../../evil.png': 'x', '../../evil.cls': '1' },
      'E_TAR',
      /"\.\.\/\.\.\/evil\.png", which leads out/,
    ],
    ['an absolute name', { '/tmp/evil.png': 'x', '/tmp/evil.cls': '1' }, 'E_TAR', /which leads out/],
    [
      'no label',
      { 'a.png': 'x' },
      'E_LABELS',
      /a\.png has no label: a file of the same name with \.cls or \.txt or \.json/,
    ],
    ['an empty label', { 'a.png': 'x', 'a.cls': ' ' }, 'E_LABELS', /a\.png has no label in a\.cls: ""/],
    ['JSON without a label', { 'a.png': 'x', 'a.json': '{"k":1}' }, 'E_LABELS', /has no label in a\.json/],
    ['one class', { 'a.png': 'x', 'a.cls': '1' }, 'E_ONE_CLASS', /has one label, 1/],
    ['no image', { 'a.cls': '1' }, 'E_TAR', /holds no images/],
  ])('%s', async (_, files, code, message) => {
    const path = await write('wrong.tar', files as Files)
    await expect(tarShards(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('a shard that is missing', async () => {
    await expect(openDataset(join(folder.root, 'none-{0..1}.tar'))).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    })
  })
})
