import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDataset } from '../open-dataset.js'
import { temporaryFolder } from '../testing/test-images.js'
import { cifar } from './cifar.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** Records with the labels and planes of 1s, 2s and 3s, the first pixel's red apart. */
const records = (...labels: readonly (readonly number[])[]) =>
  Buffer.concat(
    labels.map((label, i) => {
      const planes = [1, 2, 3].map((value) => Buffer.alloc(1024, value))
      ;(planes[0] as Buffer)[0] = 100 + i
      return Buffer.concat([Buffer.from(label), ...planes])
    }),
  )

test('CIFAR-10: batches in order, the test batch for validation, planes as pixels', async () => {
  await folder.write('ten/data_batch_1.bin', records([3], [9]))
  await folder.write('ten/data_batch_2.bin', records([0]))
  await folder.write('ten/test_batch.bin', records([1]))
  await folder.write(
    'ten/batches.meta.txt',
    'airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n',
  )
  const { train, validation, report } = await openDataset(join(folder.root, 'ten'))
  expect([report.format, Array.from(train.labels), Array.from(validation?.labels ?? [])]).toEqual([
    'CIFAR',
    [3, 9, 0],
    [1],
  ])
  expect(train.classes[3]).toBe('cat')
  const { pixels, path } = await train.item(1)
  expect([...pixels.data.subarray(0, 6)]).toEqual([101, 2, 3, 1, 2, 3])
  expect(path).toBe(`${join(folder.root, 'ten', 'data_batch_1.bin')}[1]`)
})

test('CIFAR-100: fine or coarse labels; a share for validation without a test file', async () => {
  await folder.write(
    'hundred/train.bin',
    records(...Array.from({ length: 10 }, (_, i) => [i % 2, 98 + (i % 2)])),
  )
  const root = join(folder.root, 'hundred')
  const { train, validation } = await cifar(root, { validation: 0.2 })
  expect([train.length, validation?.length, train.classes.length, train.labels[0]]).toEqual([8, 2, 100, 98])
  const { train: coarse } = await cifar(root, { labels: 'coarse' })
  expect([coarse.classes.length, Array.from(coarse.labels).slice(0, 2)]).toEqual([20, [0, 1]])
})

test.each([
  ['cut short', records([1], [2]).subarray(0, 4000), /has 4000 bytes, and not those of whole images of 3073/],
  ['empty', Buffer.alloc(0), /has 0 bytes/],
  ['another label', records([1], [10]), /data_batch_1\.bin\[1\] has the label 10, where 0 to 9 are expected/],
])('%s', async (_, bytes, message) => {
  await folder.write('wrong/data_batch_1.bin', bytes)
  await expect(cifar(join(folder.root, 'wrong'))).rejects.toMatchObject({
    code: 'E_CIFAR',
    message: expect.stringMatching(message),
  })
})

test('names for other classes, no files', async () => {
  await folder.write('names/data_batch_1.bin', records([1]))
  await folder.write('names/batches.meta.txt', 'cat\n')
  await expect(cifar(join(folder.root, 'names'))).rejects.toThrow('names 1 classes, where 10 are expected')
  await folder.write('none/readme.txt', '')
  await expect(cifar(join(folder.root, 'none'))).rejects.toThrow('has neither data_batch_1.bin nor train.bin')
})
