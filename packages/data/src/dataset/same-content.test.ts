import { afterAll, beforeAll, expect, test } from 'vitest'
import { imageFiles } from '../formats/encoded-images.js'
import { temporaryFolder, testPng } from '../testing/test-images.js'
import { checkImages } from './check-images.js'
import { sameContent } from './same-content.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

test('images that come again: in another part, under another label', async () => {
  const contents = { a: 1, b: 2, c: 1, d: 2, e: 3, f: 3 }
  const path: Record<string, string> = {}
  for (const [name, seed] of Object.entries(contents))
    path[name] = await folder.write(`${name}.png`, await testPng(seed))
  const broken = await folder.write('broken.png', 'no image')
  const part = async (name: string, labels: Readonly<Record<string, number>>) => {
    const paths = [...Object.keys(labels).map((key) => path[key] as string), broken]
    const dataset = imageFiles({ paths, labels: [...Object.values(labels), 0], classes: ['cat', 'dog'] })
    return { name, dataset, check: await checkImages(dataset) }
  }
  const found = sameContent([
    await part('train', { a: 0, b: 1, e: 0, f: 0 }),
    await part('validation', { c: 0, d: 0 }),
  ])
  const summary = found.map(({ images, ...flags }) => ({ paths: images.map(({ path }) => path), ...flags }))
  expect(summary).toEqual([
    { paths: [path.a, path.c], isAcrossParts: true, isConflicting: false },
    { paths: [path.b, path.d], isAcrossParts: true, isConflicting: true },
    { paths: [path.e, path.f], isAcrossParts: false, isConflicting: false },
  ])
  expect(found[1]?.images[1]).toEqual({ part: 'validation', path: path.d, labels: ['cat'] })
})
