import { mkdir, symlink } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openDataset } from '../open-dataset.js'
import { temporaryFolder } from '../testing/test-images.js'
import { imageFolder } from './image-folder.js'
import { byCodePoint } from './list-images.js'

const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = []
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
  folders.push(folder)
})
afterAll(() => Promise.all(folders.map(({ remove }) => remove())))

/** Writes files without content: listing opens none. */
async function files(...names: readonly string[]) {
  for (const name of names) await folder.write(name, '')
}

/** Paths under the root with `/`, in the order of the dataset. */
const names = (dataset: { readonly length: number; path(index: number): string }) =>
  Array.from({ length: dataset.length }, (_, i) =>
    relative(folder.root, dataset.path(i)).split(sep).join('/'),
  )

const open = (options?: Parameters<typeof imageFolder>[1]) => imageFolder(folder.root, options)

describe('class folders', () => {
  test('classes and images in code-point order, at any depth', async () => {
    await files(
      'b/2.JPG',
      'b/10.jpeg',
      'b/deep/er/x.png',
      'a/z.webp',
      'a/Z.tiff',
      'é/1.png',
      '😀/1.png',
      '~/1.gif',
      '豈/1.avif',
    )
    const { train, validation, report } = await open()
    expect(train.classes).toEqual(['a', 'b', '~', 'é', '豈', '😀'].sort(byCodePoint))
    expect(names(train).slice(0, 5)).toEqual([
      'a/Z.tiff',
      'a/z.webp',
      'b/10.jpeg',
      'b/2.JPG',
      'b/deep/er/x.png',
    ])
    expect(Array.from(train.labels)).toEqual([0, 0, 1, 1, 1, 2, 3, 4, 5])
    expect(validation).toBeUndefined()
    expect(report).toMatchObject({
      format: 'image folder',
      train: 9,
      validation: 0,
      skipped: [],
      warnings: [],
    })
    expect(report.classes[1]).toEqual({ label: 'b', train: 3, validation: 0 })
  })

  test('names with spaces and in decomposed Unicode', async () => {
    await files('my cats/a b.jpg', 'Kätzchen/1.jpg'.normalize('NFD'))
    expect((await open()).train.classes).toEqual(['Kätzchen'.normalize('NFC'), 'my cats'])
  })

  test('hidden files are left out; others that are no images are reported', async () => {
    await files('a/1.jpg', 'a/.2.jpg', 'a/notes.txt', 'b/1.jpg', '.git/1.jpg', '__MACOSX/1.jpg', 'README.md')
    const { train, report } = await open()
    expect(names(train)).toEqual(['a/1.jpg', 'b/1.jpg'])
    expect(report.skipped).toEqual([
      { path: join(folder.root, 'README.md'), reason: 'lies outside the class folders' },
      { path: join(folder.root, 'a', 'notes.txt'), reason: 'is not an image by its extension' },
    ])
  })

  test("extensions of one's own", async () => {
    await files('a/1.jpg', 'a/2.img', 'b/1.IMG')
    expect(names((await open({ extensions: ['.img'] })).train)).toEqual(['a/2.img', 'b/1.IMG'])
  })

  test('links are followed; loops and broken links are skipped and reported', async () => {
    await files('a/1.jpg', 'b/1.jpg', 'b/more/2.jpg')
    const link = (target: string, name: string) => symlink(join(folder.root, target), join(folder.root, name))
    await link('b/more', 'a/linked')
    await link('a', 'c')
    await link('.', 'a/root')
    await link('b/more', 'b/more/self')
    await link('nowhere', 'a/broken.jpg')
    await link('b/circle', 'b/circle')
    const { train, report } = await open()
    expect(names(train)).toEqual([
      'a/1.jpg',
      'a/linked/2.jpg',
      'b/1.jpg',
      'b/more/2.jpg',
      'c/1.jpg',
      'c/linked/2.jpg',
    ])
    const reasons = Object.fromEntries(
      report.skipped.map(({ path, reason }) => [relative(folder.root, path), reason]),
    )
    expect(reasons).toMatchObject({
      [join('a', 'root')]: 'is a link in a loop',
      [join('b', 'more', 'self')]: 'is a link in a loop',
      [join('b', 'circle')]: 'is a link in a loop',
      [join('a', 'broken.jpg')]: 'is a broken link',
    })
  })
})

describe('validation', () => {
  const many = ['cat', 'dog'].flatMap((name) => Array.from({ length: 20 }, (_, i) => `${name}/${i}.jpg`))

  test('a share of each class, drawn with a seed', async () => {
    await files(...many, 'fox/only.jpg')
    const { train, validation, report } = await open({ validation: 0.25, seed: 4 })
    expect(report.classes).toEqual([
      { label: 'cat', train: 15, validation: 5 },
      { label: 'dog', train: 15, validation: 5 },
      { label: 'fox', train: 1, validation: 0 },
    ])
    expect(report.validationFrom).toEqual({ fraction: 0.25, seed: 4 })
    expect([...names(train), ...names(validation!)].sort()).toEqual([...many, 'fox/only.jpg'].sort())
    expect(names((await open({ validation: 0.25, seed: 4 })).validation!)).toEqual(names(validation!))
    expect(names((await open({ validation: 0.25, seed: 5 })).validation!)).not.toEqual(names(validation!))
  })

  test.each(['validation', 'val', 'valid', 'test'])('a folder %s beside train', async (name) => {
    await files('train/a/1.jpg', 'train/b/1.jpg', `${name}/b/2.jpg`, 'unused/1.jpg')
    const { train, validation, report } = await open({ validation: 0.2 })
    expect(names(train)).toEqual(['train/a/1.jpg', 'train/b/1.jpg'])
    expect(names(validation!)).toEqual([`${name}/b/2.jpg`])
    expect(Array.from(validation!.labels)).toEqual([1])
    expect(report.validationFrom).toBe(join(folder.root, name))
    expect(report.warnings).toEqual([
      `${join(folder.root, name)} has no image of a`,
      `validation 0.2 has no effect: ${join(folder.root, name)} holds the validation images`,
    ])
  })

  test('train alone is split', async () => {
    await files(...many.map((name) => `train/${name}`))
    expect((await open({ validation: 0.5 })).report).toMatchObject({ train: 20, validation: 20 })
  })

  test('a class that is called train', async () => {
    await files('train/1.jpg', 'car/1.jpg', 'test/1.jpg')
    expect((await open()).train.classes).toEqual(['car', 'test', 'train'])
  })

  test('a folder that is named, inside the root or by its path', async () => {
    await files('a/1.jpg', 'b/1.jpg', 'held/a/2.jpg', 'held/b/2.jpg')
    for (const validation of ['held', join(folder.root, 'held')]) {
      const { train, validation: held } = await open({ validation })
      expect(train.classes).toEqual(['a', 'b'])
      expect(names(held!)).toEqual(['held/a/2.jpg', 'held/b/2.jpg'])
    }
  })
})

describe('what cannot be used is an error that names the remedy', () => {
  const fails = async (
    code: string,
    message: string | RegExp,
    options?: Parameters<typeof imageFolder>[1],
  ) => {
    await expect(openDataset(folder.root, options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  }

  test('a missing path', async () => {
    const opening = imageFolder(join(folder.root, 'fotos'))
    await expect(opening).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: expect.stringContaining('fotos'),
    })
  })

  test('a file', async () => {
    const opening = openDataset(await folder.write('photo.jpg', ''))
    await expect(opening).rejects.toMatchObject({ code: 'E_NOT_A_FOLDER' })
  })

  test('an empty folder', () =>
    fails('E_EMPTY_FOLDER', 'is empty: it needs a folder of images for each class'))

  test('images without class folders', async () => {
    await files('1.jpg', '2.jpg')
    await fails('E_NO_CLASSES', /holds 2 files but no class folders: put the images of each class/)
  })

  test('one class', async () => {
    await files('cat/1.jpg')
    await fails('E_ONE_CLASS', /has one class folder, cat: a classifier needs two or more/)
  })

  test('classes without an image', async () => {
    await files('cat/1.jpg', 'dog/notes.txt')
    await mkdir(join(folder.root, 'fox'))
    await fails('E_EMPTY_CLASS', /has no image for dog, fox: add images to the folders or remove them/)
  })

  test('a validation folder with other classes', async () => {
    await files('train/cat/1.jpg', 'train/dog/1.jpg', 'val/cat/1.jpg', 'val/dogs/1.jpg')
    await fails('E_CLASSES', /has classes that training has not: dogs; and lacks dog\. Name its folders/)
  })

  test('a validation folder without an image', async () => {
    await files('train/cat/1.jpg', 'train/dog/1.jpg', 'val/cat/notes.txt')
    await fails('E_EMPTY_FOLDER', /val holds no image/)
  })

  test('a validation folder that is missing', async () => {
    await files('cat/1.jpg', 'dog/1.jpg')
    await fails('E_NOT_FOUND', /There is no folder held/, { validation: 'held' })
  })

  test('a share that is none', async () => {
    await files('cat/1.jpg', 'dog/1.jpg')
    await fails('E_OPTION', /must be between 0 and 1: 20/, { validation: 20 })
  })
})
