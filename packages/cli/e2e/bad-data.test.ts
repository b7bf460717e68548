import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder } from './convkit.js'

let cwd: string
beforeAll(async () => {
  cwd = await makeFolder()
  await mkdir(join(cwd, 'empty'))
  await writeFile(join(cwd, 'file.txt'), 'text')
  await mkdir(join(cwd, 'flat'))
  await writeFile(join(cwd, 'flat', 'a.png'), '')
  await paintImages(join(cwd, 'one-class'), { blue: 2 })
  await paintImages(join(cwd, 'empty-class'), { blue: 2, green: 2 })
  await mkdir(join(cwd, 'empty-class', 'red'))
  for (const label of ['blue', 'green']) {
    await mkdir(join(cwd, 'unreadable', label), { recursive: true })
    for (const name of ['a.png', 'b.jpg', 'c.webp'])
      await writeFile(join(cwd, 'unreadable', label, name), 'no image')
  }
  await paintImages(join(cwd, 'photos'), { blue: 2, green: 2 })
  await writeFile(join(cwd, 'no-weights.safetensors'), 'text')
})
afterAll(() => rm(cwd, { recursive: true }))

describe('train fails with 1 and one line that names the folder', () => {
  test.each([
    ['missing', /There is no folder .*missing: check the path.* \(E_NOT_FOUND\)/],
    ['file.txt', /file\.txt is a file: give the folder.* \(E_NOT_A_FOLDER\)/],
    ['empty', /empty is empty: it needs a folder of images for each class \(E_EMPTY_FOLDER\)/],
    ['flat', /flat holds 1 file but no class folders.* \(E_NO_CLASSES\)/],
    ['one-class', /one-class has one class folder, blue.* \(E_ONE_CLASS\)/],
    ['empty-class', /empty-class has no image for red.* \(E_EMPTY_CLASS\)/],
    ['unreadable', /unreadable has no readable training image of blue, green.* \(E_EMPTY_CLASS\)/],
  ])('%s', async (data, message) => {
    const { code, stderr } = await convkit(cwd, 'train', data, '--model', 'lenet5')
    expect(stderr).toMatch(new RegExp(`^Error {4}.*${message.source}\\n$`))
    expect(code).toBe(1)
  })
})

describe('so do weights and models', () => {
  test.each([
    [
      'a file of weights that is missing',
      ['train', 'photos', '--weights', 'missing.safetensors'],
      /missing\.safetensors: there is no such file \(E_WEIGHTS\)/,
    ],
    [
      'a file of weights that is none',
      ['train', 'photos', '--weights', 'no-weights.safetensors'],
      /no-weights\.safetensors has 4 bytes.* \(E_SAFETENSORS\)/,
    ],
    [
      'a model that is missing',
      ['predict', 'runs/train-9', 'a.png'],
      /There is no (model at runs\/train-9.* \(E_MODEL\)|image a\.png.* \(E_NOT_FOUND\))/,
    ],
    [
      'a folder that is no model',
      ['evaluate', 'photos', 'photos'],
      /photos is not a model folder: it has no config\.json \(E_MODEL\)/,
    ],
    [
      'a run that is missing',
      ['train', '--resume', 'runs/train-9'],
      /runs\/train-9 is not the folder of a run.* \(E_RESUME\)/,
    ],
  ])('%s', async (_name, argv, message) => {
    const { code, stderr } = await convkit(cwd, ...argv)
    expect(stderr).toMatch(new RegExp(`^Error {4}.*${message.source}\\n$`))
    expect(code).toBe(1)
  })
})
