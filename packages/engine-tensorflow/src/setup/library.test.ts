import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installedLibrary, unpackedLibrary } from './library.js'
import { libraryContents, makeFolder, writeFiles } from './testing/fake-project.js'

const python = (folder: string, versions: Readonly<Record<string, string>>) => ({
  path: 'python3',
  version: '3.12.1',
  hasPip: true,
  tensorflow: { folder, versions },
})

test("an installed TensorFlow, if it is built for what is asked and has its library's files", async () => {
  const folder = await makeFolder()
  await writeFiles(folder, libraryContents)
  const forCpu = python(folder, { 'tensorflow-cpu': '2.20.0' })
  const forBoth = python(folder, { tensorflow: '2.21.0' })
  expect(installedLibrary(forCpu, false)).toEqual({ folder, version: '2.20.0' })
  expect(installedLibrary(forCpu, true)).toBeUndefined()
  expect(installedLibrary(forBoth, false)).toEqual({ folder, version: '2.21.0' })
  expect(installedLibrary(forBoth, true)).toEqual({ folder, version: '2.21.0' })
  await rm(join(folder, 'libtensorflow_cc.so.2'))
  expect(installedLibrary(forBoth, false)).toBeUndefined()
})

test('the newest library that was unpacked whole, of the kind that is asked', async () => {
  const cache = await makeFolder()
  expect(await unpackedLibrary(cache, false)).toBeUndefined()
  for (const name of ['2.9.1', '2.21.0', '2.30.0-gpu']) await writeFiles(join(cache, name), libraryContents)
  await writeFiles(cache, { '2.22.0/include/tensorflow/c/c_api.h': '', '.download-x/2.23.0': '' })
  expect(await unpackedLibrary(cache, false)).toEqual({ folder: join(cache, '2.21.0'), version: '2.21.0' })
  expect(await unpackedLibrary(cache, true)).toEqual({ folder: join(cache, '2.30.0-gpu'), version: '2.30.0' })
})
