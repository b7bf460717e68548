import { mkdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkImages } from '../dataset/check-images.js'
import { openDataset } from '../open-dataset.js'
import { temporaryFolder, testPng } from '../testing/test-images.js'
import { type LabelFileOptions, labelFile } from './label-file.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

let count = 0
const open = async (content: string, options?: LabelFileOptions, extension = 'csv') =>
  labelFile(await folder.write(`labels-${count++}.${extension}`, content), options)

/** Paths under the root with `/`. */
const names = (dataset: { readonly length: number; path(index: number): string }) =>
  Array.from({ length: dataset.length }, (_, i) =>
    relative(folder.root, dataset.path(i)).split(sep).join('/'),
  )

describe('a CSV file', () => {
  test('paths and labels, in the order of the rows; classes in code-point order', async () => {
    const { train, validation, report } = await open(
      'path,label,note\nb/1.png,dog,x\n a.png , cat ,\nc.png,dog,"a, b"\n',
    )
    expect(names(train)).toEqual(['b/1.png', 'a.png', 'c.png'])
    expect(train.classes).toEqual(['cat', 'dog'])
    expect(Array.from(train.labels)).toEqual([1, 0, 1])
    expect(train.targets).toBeUndefined()
    expect(train.weights).toBeUndefined()
    expect(validation).toBeUndefined()
    expect(report).toMatchObject({
      format: 'label file',
      train: 3,
      classes: [
        { label: 'cat', train: 1 },
        { label: 'dog', train: 2 },
      ],
    })
  })

  test('a byte order mark, CRLF, empty lines and the other usual names', async () => {
    const { train } = await open('\uFEFFfile_name,class\r\na.png,cat\r\n\r\nb.png,dog\r\n')
    expect(names(train)).toEqual(['a.png', 'b.png'])
    expect(train.classes).toEqual(['cat', 'dog'])
  })

  test('columns of other names, tabs', async () => {
    const columns = { path: 'photo', label: 'species', split: 'part', weight: 'share' }
    const text = 'photo;species;part;share\na.png;cat;train;1\nb.png;dog;train;2.5\nc.png;dog;val;1\n'
    const { train, validation } = await open(text, { columns, delimiter: ';' })
    expect([names(train), validation && names(validation)]).toEqual([['a.png', 'b.png'], ['c.png']])
    expect(Array.from(train.weights ?? [])).toEqual([1, 2.5])
    expect(names((await open('path\tlabel\na.png\tcat\nb.png\tdog\n', {}, 'tsv')).train)).toEqual([
      'a.png',
      'b.png',
    ])
  })

  test('weights say how often images are drawn', async () => {
    await folder.write('w/a.png', await testPng(1))
    await folder.write('w/b.png', await testPng(2))
    const { train } = await open('path,label,weight\nw/a.png,cat,3\nw/b.png,dog,1\n')
    const preprocessing = {
      inputSize: [4, 4],
      channels: 3,
      interpolation: 'bilinear',
      cropPct: 1,
      cropMode: 'center',
      mean: [0, 0, 0],
      std: [1, 1, 1],
    } as const
    let drawn = 0
    for (let epoch = 0; epoch < 20; epoch++) {
      for await (const { indices } of train.batches({
        batchSize: 2,
        preprocessing,
        shuffle: { seed: 1, epoch },
      }))
        drawn += indices.filter((index) => index === 0).length
    }
    expect(drawn).toBeGreaterThanOrEqual(25)
    expect(drawn).toBeLessThanOrEqual(35)
  })

  test('splits; test rows are left out where others are for validation', async () => {
    const { train, validation, report } = await open(
      'path,label,split\na.png,cat,TRAIN\nb.png,dog,training\nc.png,cat,test\nd.png,dog,val\n',
      { validation: 0.5 },
    )
    expect([names(train), validation && names(validation)]).toEqual([['a.png', 'b.png'], ['d.png']])
    expect(report.validationFrom).toMatch(/labels-\d+\.csv \(val\)$/)
    expect(report.warnings).toEqual([
      expect.stringContaining('1 row is left out of'),
      expect.stringContaining('validation 0.5 has no effect'),
    ])
  })

  test('a file of test rows alone can be evaluated on', async () => {
    const { train, validation } = await open('path,label,split\na.png,cat,test\nb.png,dog,test\n')
    expect([train.length, validation?.length, validation?.classes]).toEqual([0, 2, ['cat', 'dog']])
  })

  test('a share of the images, or another file, is for validation', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i}.png,${i % 2 ? 'dog' : 'cat'}`)
    const share = await open(`path,label\n${rows.join('\n')}\n`, { validation: 0.2, seed: 4 })
    expect([share.train.length, share.validation?.length]).toEqual([16, 4])
    expect(share.report.validationFrom).toEqual({ fraction: 0.2, seed: 4 })
    const other = await folder.write('held.csv', 'path,label\nx.png,dog\n')
    const { validation, report } = await open(`path,label\n${rows.join('\n')}\n`, { validation: other })
    expect([validation?.classes, Array.from(validation?.labels ?? [])]).toEqual([['cat', 'dog'], [1]])
    expect(report.validationFrom).toBe(other)
  })

  test('several labels in a cell: any number of them an image', async () => {
    const { train, report } = await open('path,label\na.png,dog|cat\nb.png,\nc.png,cat\n')
    expect(train.classes).toEqual(['cat', 'dog'])
    expect(Array.from(train.targets ?? [])).toEqual([1, 1, 0, 0, 1, 0])
    expect(report.classes.map(({ train }) => train)).toEqual([2, 1])
  })

  test('numbers are ordered as such, and may number classes that are given', async () => {
    expect((await open('path,label\na,10\nb,9\n')).train.classes).toEqual(['9', '10'])
    const { train } = await open('path,label\na,1\nb,zero\n', { classes: ['zero', 'one', 'two'] })
    expect([train.classes, Array.from(train.labels)]).toEqual([
      ['zero', 'one', 'two'],
      [1, 0],
    ])
  })

  test('missing images are found by the check, not before', async () => {
    await folder.write('there.png', await testPng(1))
    const { train } = await open('path,label\nthere.png,cat\ngone.png,dog\n')
    const { unreadable } = await checkImages(train)
    expect(unreadable).toEqual([{ path: join(folder.root, 'gone.png'), reason: 'is missing' }])
  })

  test('gives back what was written, whatever the names', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-zé",' ]{0,6}[a-z"]$/), {
          minLength: 2,
          maxLength: 8,
          selector: (name) => name.trim(),
        }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (labels, record_delimiter, bom) => {
          const rows = labels.map((label, i) => [`${i}.png`, label])
          const { train } = await open(
            stringify(rows, { header: true, columns: ['path', 'label'], record_delimiter, bom }),
          )
          expect(Array.from(train.labels, (label) => train.classes[label])).toEqual(
            labels.map((label) => label.trim()),
          )
        },
      ),
      { numRuns: 15 },
    ))
})

describe('a JSON lines file', () => {
  const lines = (...rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\r\n')

  test('texts, numbers, lists', async () => {
    const one = await open(lines({ path: 'a.png', label: 'cat' }, { path: 'b.png', label: 7 }), {}, 'jsonl')
    expect(one.train.classes).toEqual(['7', 'cat'])
    const many = await open(
      `\uFEFF${lines({ file_name: 'a.png', label: ['x|y', 'z'], weight: 2 }, { file_name: 'b.png', label: [] })}\n`,
      {},
      'jsonl',
    )
    expect(many.train.classes).toEqual(['x|y', 'z'])
    expect([Array.from(many.train.targets ?? []), many.train.weights]).toEqual([
      [1, 1, 0, 0],
      [2, 1],
    ])
  })

  test.each([
    ['no JSON', '{"path": "a.png", "label": "cat"}\n{"path"', /, line 2: is no JSON: /],
    ['no object', '["a.png", "cat"]', /, line 1: holds \["a\.png","cat"\] and no object/],
    [
      'a missing key',
      '{"path": "a.png"}',
      /, line 1: there is no column label or labels or class for the label, only path/,
    ],
    ['another path', '{"path": 1, "label": "cat"}', /, line 1: the path 1 is not a text/],
    [
      'another label',
      '{"path": "a.png", "label": {}}',
      /, line 1: the label \{\} is neither a text nor a number/,
    ],
    ['another split', '{"path": "a.png", "label": "a", "split": 1}', /, line 1: the split 1 is not a text/],
    [
      'another weight',
      '{"path": "a.png", "label": "a", "weight": "1"}',
      /the weight "1" is not a positive number/,
    ],
  ])('%s', async (_, content, message) => {
    await expect(open(content, {}, 'jsonl')).rejects.toMatchObject({
      code: 'E_LABELS',
      message: expect.stringMatching(message),
    })
  })

  test(
    'any text ends in a dataset or in a coded error',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom('csv', 'jsonl'),
          fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 8, maxLength: 8 }),
          async (kind, texts) => {
            const start = kind === 'csv' ? 'path,label,split,weight\n' : '{"path":"a","label":"b"}\n'
            const opened = await Promise.allSettled(texts.map((text) => open(start + text, {}, kind)))
            const errors = opened.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
            for (const error of errors) expect(error).toBeInstanceOf(ConvkitError)
          },
        ),
        { numRuns: 10 },
      ),
    20_000,
  )
})

describe('what is wrong with a row', () => {
  test.each([
    ['an empty file', '', 'E_LABELS', /has no rows/],
    ['a header alone', 'path,label\n', 'E_LABELS', /has no rows/],
    [
      'a missing column',
      'path,kind\na.png,cat\n',
      'E_LABELS',
      /line 1: there is no column label or labels or class for the label, only path, kind/,
    ],
    [
      'two labels of one path',
      'path,label\na.png,cat\nb.png,dog\n./a.png,dog\n',
      'E_LABELS',
      /line 4: \.\/a\.png has the label dog, and on line 2 cat/,
    ],
    [
      'two splits of one path',
      'path,label,split\na.png,cat,train\na.png,cat,val\n',
      'E_LABELS',
      /line 3: a\.png is for val, and on line 2 for train/,
    ],
    ['no label', 'path,label\na.png,cat\nb.png,\n', 'E_LABELS', /line 3: .*b\.png has no label/],
    ['no path', 'path,label\n,cat\n', 'E_LABELS', /line 2: the path is empty/],
    ['a way out', 'path,label\n../a.png,cat\n', 'E_LABELS', /line 2: \.\.\/a\.png lies outside of/],
    ['a hidden way out', 'path,label\nb/../../a.png,cat\n', 'E_LABELS', /line 2: .* lies outside of/],
    [
      'an absolute path',
      'path,label\n/etc/passwd,cat\n',
      'E_LABELS',
      /line 2: \/etc\/passwd lies outside of/,
    ],
    [
      'a weight of 0',
      'path,label,weight\na.png,cat,0\n',
      'E_LABELS',
      /line 2: the weight "0" is not a positive number/,
    ],
    [
      'a weight that is no number',
      'path,label,weight\na.png,cat,much\n',
      'E_LABELS',
      /line 2: the weight "much" is not/,
    ],
    [
      'an infinite weight',
      'path,label,weight\na.png,cat,Infinity\n',
      'E_LABELS',
      /the weight "Infinity" is not/,
    ],
    [
      'no weight',
      'path,label,weight\na.png,cat,\n',
      'E_LABELS',
      /line 2: the weight "" is not a positive number/,
    ],
    [
      'another split',
      'path,label,split\na.png,cat,maybe\n',
      'E_LABELS',
      /line 2: the split "maybe" is none of train, validation/,
    ],
    ['a row that is too short', 'path,label\na.png,cat\nb.png\n', 'E_LABELS', /line 3: is no CSV: /],
    ['a quote that stays open', 'path,label\n"a.png,cat\n', 'E_LABELS', /is no CSV: /],
    ['one class', 'path,label\na.png,cat\nb.png,cat\n', 'E_ONE_CLASS', /has one label, cat/],
    [
      'classes of validation alone',
      'path,label,split\na,cat,train\nb,dog,train\nc,fox,val\n',
      'E_CLASSES',
      /that training has not: fox/,
    ],
  ])('%s', async (_, content, code, message) => {
    await expect(open(content)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('a row that comes twice is taken once', async () => {
    const { train, report } = await open('path,label\na.png,cat\nb.png,dog\na.png,cat\n')
    expect(train.length).toBe(2)
    expect(report.skipped).toEqual([
      { path: join(folder.root, 'a.png'), reason: 'is listed again on line 4' },
    ])
  })

  test('ways out that are allowed, another root', async () => {
    await mkdir(join(folder.root, 'deep'))
    const outside = await folder.write('deep/out.csv', 'path,label\n../a.png,cat\nb.png,dog\n')
    expect(names((await labelFile(outside, { allowOutside: true })).train)).toEqual(['a.png', 'deep/b.png'])
    const elsewhere = await folder.write('deep/root.csv', 'path,label\na.png,cat\nb.png,dog\n')
    expect(names((await labelFile(elsewhere, { root: folder.root })).train)).toEqual(['a.png', 'b.png'])
  })

  test('columns that were asked for', async () => {
    await expect(open('path,label\na.png,cat\n', { columns: { weight: 'share' } })).rejects.toMatchObject({
      code: 'E_LABELS',
      message: expect.stringContaining('there is no column share for the weight, only path, label'),
    })
  })

  test('classes that were given', async () => {
    await expect(open('path,label\na.png,cow\n', { classes: ['cat', 'dog'] })).rejects.toThrow(
      'line 2: the label "cow" is none of the classes cat, dog',
    )
  })

  test('a missing file', async () => {
    const path = join(folder.root, 'none.csv')
    for (const opening of [labelFile(path), openDataset(path)])
      await expect(opening).rejects.toMatchObject({
        code: 'E_NOT_FOUND',
        message: expect.stringContaining(path),
      })
  })
})
