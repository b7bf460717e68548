import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readImage } from '@convkit/data'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from './testing/paint-images.js'
import { convkit } from './testing/test-host.js'

let folder: string
let images: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-augment-'))
  images = await paintImages(join(folder, 'photos'), { blue: 1, red: 1 }, 40)
})
afterAll(() => rm(folder, { recursive: true }))

const small = ['--size', '32', '--columns', '5']
const sheetOf = async (name: string, ...more: string[]) => {
  const out = join(folder, name)
  const result = await convkit('augment', images, '--out', out, ...small, ...more)
  return { ...result, out, sheet: () => readImage(out) }
}

test('writes a row for each image and a column for each draw', async () => {
  const { code, stdout, out, sheet } = await sheetOf('sheet.png', '--recipe', 'vgg', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ out, recipe: 'vgg', images: 2, columns: 5, rows: 2 })
  const { height, width, data } = await sheet()
  expect([height, width]).toEqual([2 * 36 + 4, 5 * 36 + 4])
  expect([...data.subarray(0, 3)]).toEqual([255, 255, 255])
  // The first row is blue, the second one red, in every column; all have noise of their own.
  const at = (y: number, x: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]
  const columns = [0, 1, 2, 3, 4].map((column) => column * 36 + 20)
  for (const x of columns) {
    expect(Math.max(...at(20, x))).toBeLessThan(90)
    expect(Math.min(...at(56, x))).toBeGreaterThan(190)
  }
  expect(new Set(columns.map((x) => `${at(20, x)}`)).size).toBeGreaterThan(3)
})

test('repeats for a seed, and draws anew for another', async () => {
  const [first, again, other] = [
    await sheetOf('a.png'),
    await sheetOf('b.png'),
    await sheetOf('c.png', '--seed', '2'),
  ]
  const bytes = async ({ out }: { out: string }) => (await readFile(out)).toString('base64')
  expect(await bytes(again)).toBe(await bytes(first))
  expect(await bytes(other)).not.toBe(await bytes(first))
})

test('fills more rows than images, and takes recipes of files', async () => {
  const recipe = join(folder, 'mine.yaml')
  await writeFile(recipe, 'transforms:\n  - { name: invert, probability: 1 }\nmix: cutmix\n')
  const { stdout, out, sheet } = await sheetOf('rows.webp', '--rows', '3', '--recipe', recipe)
  expect(stdout).toBe(`${out}: 2 images by mine.yaml, 3 × 5; the first column is what evaluation sees\n`)
  expect((await sheet()).height).toBe(3 * 36 + 4)
})

test.each([
  [['--recipe', 'vg'], 2, "There is no augmentation 'vg' (nearest: vgg"],
  [['--columns', '1'], 2, '--columns must be at least 2, got 1'],
  [['--rows', '0'], 2, '--rows must be at least 1, got 0'],
  [['--out', 'sheet.bmp'], 2, '--out must end in .png, .jpg, .jpeg, .webp, got sheet.bmp'],
  [['--out', 'no/such/folder/sheet.png'], 1, 'no/such/folder/sheet.png cannot be written'],
  [['--recipe', 'missing.json'], 1, 'missing.json cannot be read'],
])('%j is refused', async (argv, exitCode, message) => {
  const { code, stderr } = await convkit('augment', images, ...argv)
  expect(stderr).toContain(message)
  expect(code).toBe(exitCode)
})
