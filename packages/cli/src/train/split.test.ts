import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { arrayDataset } from '@convkit/data'
import { expect, test } from 'vitest'
import { describeSplit, requireSameSplit } from './split.js'

test('a row an image, with the sha256 of its file', async () => {
  const root = await mkdtemp(join(tmpdir(), 'convkit-split-'))
  await writeFile(join(root, 'a, b.png'), 'abc')
  const pixels = { height: 1, width: 1, channels: 1, data: Uint8Array.from([97, 98, 99]) } as const
  const images = { images: [pixels], labels: [1], classes: ['cat', 'dog'] }
  const train = { ...arrayDataset(images), path: () => join(root, 'a, b.png') }
  const validation = { ...arrayDataset(images), path: () => join(root, 'no-file') }
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(await describeSplit(root, { train, validation })).toBe(
    `path,label,split,sha256\n"a, b.png",dog,train,${sha256}\nno-file,dog,validation,${sha256}\n`,
  )
  await rm(root, { recursive: true })
})

test('changed images are counted, and the first is named', () => {
  const csv = (...rows: string[]) => ['path,label,split,sha256', ...rows, ''].join('\n')
  const before = csv('a.png,cat,train,1', 'b.png,cat,train,2')
  expect(() => requireSameSplit('runs/train-1', before, before)).not.toThrow()
  expect(() =>
    requireSameSplit(
      'runs/train-1',
      before,
      csv('a.png,cat,train,1', 'b.png,cat,train,3', 'c.png,cat,train,4'),
    ),
  ).toThrow(
    'The images have changed since runs/train-1 began: 1 of its 2 are gone or different, 2 are new (first: b.png); put them back, or start a new run',
  )
})
