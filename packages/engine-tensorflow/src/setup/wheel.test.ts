import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type FakeCommand,
  fakeContext,
  libraryContents,
  makeFolder,
  writeFiles,
} from './testing/fake-project.js'
import { downloadLibrary } from './wheel.js'

const python = { path: 'python3', version: '3.13.1', hasPip: true }
const wheel = 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl'

const after = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1] as string
const provide: FakeCommand = async (args) => {
  await writeFiles(after(args, '--dest'), { [wheel]: 'zip' })
  return ''
}
const unpack: FakeCommand = async (args) => {
  await writeFiles(join(args.at(-1) as string, 'tensorflow'), libraryContents)
  return ''
}
const noMatch = { failure: 'exit code 1', output: 'ERROR: No matching distribution found' }

test('a wheel is downloaded, unpacked under its version, and forgotten', async () => {
  const cache = await makeFolder()
  await writeFiles(cache, { '.download-old/part': 'left by a kill' })
  const { context, ran } = fakeContext([
    [/pip download/, provide],
    [/zipfile/, unpack],
  ])
  const folder = join(cache, '2.21.0')
  expect(await downloadLibrary(context, python, cache, false)).toEqual({ folder, version: '2.21.0' })
  expect(existsSync(join(folder, 'libtensorflow_cc.so.2'))).toBe(true)
  expect(await readdir(cache)).toEqual(['2.21.0'])
  expect(ran[0]).toMatch(/--no-deps --only-binary=:all: .* tensorflow-cpu>=\S+,<3$/)
})

test("a Python that has no wheel of its own takes another version's", async () => {
  const { context, ran } = fakeContext([
    [/pip download .*--python-version 3.12/, provide],
    [/pip download/, () => noMatch],
    [/zipfile/, unpack],
  ])
  expect(await downloadLibrary(context, python, await makeFolder(), true)).toMatchObject({
    version: '2.21.0',
  })
  expect(ran[0]).toMatch(/ tensorflow>=\S+,<3$/)
})

test.each<[string, FakeCommand, string]>([
  ['offline', () => ({ ...noMatch, output: `NewConnectionError\n${noMatch.output}` }), 'cannot be reached'],
  ['without a wheel', () => noMatch, 'ERROR: No matching distribution found (exit code 1)'],
  ['with no file', () => '', 'pip downloaded no wheel'],
])('pip %s', async (_, pip, message) => {
  const cache = await makeFolder()
  const { context } = fakeContext([[/pip download/, pip]])
  await expect(downloadLibrary(context, python, cache, false)).rejects.toMatchObject({
    code: 'E_SETUP',
    message: expect.stringContaining(message),
  })
  expect(await readdir(cache)).toEqual([])
})

test('a Python without pip', async () => {
  const { context, ran } = fakeContext()
  const bare = { ...python, hasPip: false }
  await expect(downloadLibrary(context, bare, await makeFolder(), false)).rejects.toThrow(
    'python3 has no pip: apt-get install python3-pip, or python3 -m ensurepip',
  )
  expect(ran).toEqual([])
})
