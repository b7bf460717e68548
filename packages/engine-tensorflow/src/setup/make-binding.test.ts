import { existsSync, readlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeBinding } from './make-binding.js'
import {
  bindingPath,
  type FakeCommand,
  fakeContext,
  fakeProject,
  libraryContents,
  makeFolder,
  writeFiles,
} from './testing/fake-project.js'

const works = { ok: true, version: '2.21.0', isOnGpu: false, difference: 1e-7 }
const noHost: FakeCommand = () => ({ failure: 'exit code 1', output: 'Error: getaddrinfo ENOTFOUND a.b' })
const compile: FakeCommand = async (_, { cwd = '' }) => {
  await writeFiles(cwd, { [bindingPath]: '' })
  return ''
}
const python = (tensorflow?: object) => () =>
  JSON.stringify({ path: 'python3', version: '3.12.1', hasPip: true, tensorflow })
const toolchain = [/^(g\+\+|make) --version/, () => ''] as const

async function setting(commands: readonly (readonly [RegExp, FakeCommand])[]) {
  const { installed } = await fakeProject()
  const home = await makeFolder()
  const { context, said } = fakeContext(commands)
  const make = () =>
    makeBinding({ ...context, env: { HOME: home, PATH: '' } }, installed, { gpu: false, python: undefined })
  return { installed, cache: join(home, '.cache/convkit/tensorflow'), said, make }
}

test("where the installer's host is not reached, an installed TensorFlow is linked and compiled with", async () => {
  const library = await makeFolder()
  await writeFiles(library, libraryContents)
  const { installed, said, make } = await setting([
    [/^python3 -c/, python({ folder: library, versions: { 'tensorflow-cpu': '2.21.0' } })],
    [/^sh -c/, noHost],
    toolchain,
    [/node-pre-gyp install --build-from-source/, compile],
    [/probe\.js/, () => `noise\n${JSON.stringify(works)}\n`],
  ])
  expect(await make()).toEqual(works)
  const { folder } = installed
  expect(existsSync(join(folder, bindingPath))).toBe(true)
  expect(readlinkSync(join(folder, 'deps/include'))).toBe(join(library, 'include'))
  expect(await readdir(join(folder, 'deps/lib'))).toEqual([
    'libtensorflow.so',
    'libtensorflow_cc.so.2',
    'libtensorflow_framework.so',
    'libtensorflow_framework.so.2',
  ])
  expect(existsSync(join(folder, 'deps/lib/libtensorflow.so'))).toBe(true)
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
  expect(said[1]).toBe('Failed: the installer failed: Error: getaddrinfo ENOTFOUND a.b (exit code 1)')
})

test('a library that was unpacked before comes first; where it does not work, the rest is tried', async () => {
  let probes = 0
  const installer: FakeCommand = async (_, { cwd = '' }) => {
    await writeFiles(cwd, { 'deps/lib/libtensorflow.so': '', [bindingPath]: '' })
    return ''
  }
  const { cache, said, make } = await setting([
    [/^python3 -c/, python()],
    toolchain,
    [/node-pre-gyp install/, compile],
    [/^sh -c/, installer],
    [/probe\.js/, () => (++probes === 1 ? { failure: 'SIGILL' } : JSON.stringify(works))],
  ])
  await writeFiles(join(cache, '2.20.0'), libraryContents)
  expect(await make()).toEqual(works)
  expect(said.map((line) => line.split(': ')[0])).toEqual(['Build', 'Build', 'Failed', 'Install'])
  expect(said[2]).toBe('Failed: the binding was made and does not work: SIGILL')
})

test('every reason is in the error, once', async () => {
  const { said, make } = await setting([
    [/^python3 -c/, python()],
    [/^sh -c/, noHost],
    [/^g\+\+/, () => ''],
  ])
  await expect(make()).rejects.toMatchObject({
    code: 'E_SETUP',
    message:
      "TensorFlow's binding could not be made: the installer failed: Error: getaddrinfo ENOTFOUND a.b (exit code 1); " +
      'building needs make (not found); apt-get install g++ make, or dnf install gcc-c++ make',
  })
  expect(said.filter((line) => line.startsWith('Failed'))).toHaveLength(2)
})

test('without a Python nothing is built, and the error says so', async () => {
  const { make } = await setting([[/^sh -c/, noHost]])
  await expect(make()).rejects.toThrow(
    'Python 3 is needed to build it (python3: not found, python: not found); --python names one',
  )
})
