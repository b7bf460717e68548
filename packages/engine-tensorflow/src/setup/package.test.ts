import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bindingFile, findPackage, hasBinding } from './package.js'
import { installCommand } from './package-manager.js'
import { bindingPath, fakeProject, makeFolder, writeFiles } from './testing/fake-project.js'

test('a package is found from a folder in the project, and has a binding when its file is there', async () => {
  const { folder, installed } = await fakeProject()
  await writeFiles(folder, { 'src/deep/file': '' })
  const found = findPackage('@tensorflow/tfjs-node', join(folder, 'src/deep'))
  expect(found).toEqual({ ...installed, folder: realpathSync(installed.folder) })
  expect(bindingFile(installed)).toBe(join(installed.folder, bindingPath))
  expect(hasBinding(installed)).toBe(false)
  await writeFiles(installed.folder, { [bindingPath]: '' })
  expect(hasBinding(installed)).toBe(true)
})

test('a package that is not installed', async () => {
  expect(findPackage('@tensorflow/tfjs-node-gpu', await makeFolder())).toBeUndefined()
})

test.each([
  ['package-lock.json', 'npm install --ignore-scripts x'],
  ['pnpm-lock.yaml', 'pnpm add --ignore-scripts x'],
  ['yarn.lock', 'yarn add --ignore-scripts x'],
  ['bun.lock', 'bun add x'],
])('%s: %s', async (lockFile, command) => {
  const folder = await makeFolder()
  await writeFiles(folder, { [lockFile]: '', 'packages/a/package.json': '{}' })
  expect(installCommand(join(folder, 'packages/a'), 'x')).toBe(command)
})

test("Yarn's own settings tell its newer versions, and npm is the rest", async () => {
  const folder = await makeFolder()
  expect(installCommand(folder, 'x')).toBe('npm install --ignore-scripts x')
  await writeFiles(folder, { '.yarnrc.yml': '', 'yarn.lock': '' })
  expect(installCommand(folder, 'x')).toBe('yarn add --mode=skip-build x')
})
