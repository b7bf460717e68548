import { access, link, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commitStaging, createStaging, removeStaging } from './staging.js'
import { bindingPath, fakeProject, writeFiles } from './testing/fake-project.js'

test('what is made in the copy takes its place, and replaces what was there', async () => {
  const { installed } = await fakeProject()
  const { folder } = installed
  await writeFiles(folder, {
    'deps/lib/old': '',
    'lib/napi-v8/old': '',
    '.convkit-setup-1/half': 'left by a kill',
  })
  const staging = await createStaging(installed)
  await writeFiles(staging, { 'deps/lib/library': 'new', [bindingPath]: 'new' })
  await commitStaging(installed, staging)
  await removeStaging(installed)
  expect(await readFile(join(folder, bindingPath), 'utf8')).toBe('new')
  expect(await readFile(join(folder, 'deps/lib/library'), 'utf8')).toBe('new')
  for (const gone of ['deps/lib/old', 'lib/napi-v8/old'])
    await expect(access(join(folder, gone))).rejects.toThrow('ENOENT')
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
})

test("the package's files, linked to a store, are not written through the copy", async () => {
  const { folder, installed } = await fakeProject()
  const manifest = join(installed.folder, 'package.json')
  const stored = join(folder, 'stored')
  await link(manifest, stored)
  const before = await readFile(stored, 'utf8')
  const staging = await createStaging(installed)
  await writeFile(join(staging, 'package.json'), '{}')
  expect(await readFile(stored, 'utf8')).toBe(before)
  expect((await stat(manifest)).ino).toBe((await stat(stored)).ino)
})
