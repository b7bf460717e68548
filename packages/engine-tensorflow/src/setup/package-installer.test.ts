import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createContext } from './context.js'
import { runInstaller } from './package-installer.js'
import { createStaging } from './staging.js'
import { bindingPath, fakeProject } from './testing/fake-project.js'

const context = createContext({ env: { PATH: process.env.PATH } })

async function install(script: string, patience?: number): Promise<string> {
  const { installed } = await fakeProject(script)
  const staging = await createStaging(installed)
  await runInstaller(context, installed, staging, undefined, patience)
  return staging
}

test("the package's install script makes the binding; it finds node-pre-gyp and this Node by name", async () => {
  const make = `mkdir -p lib/napi-v8 && command -v node-pre-gyp && node -p process.version > ${bindingPath}`
  const staging = await install(make)
  expect(existsSync(join(staging, bindingPath))).toBe(true)
})

test.each([
  [
    'fails',
    'echo "Error: getaddrinfo ENOTFOUND a.b" >&2; exit 1',
    'Error: getaddrinfo ENOTFOUND a.b (exit code 1)',
  ],
  ['says nothing', 'exit 2', 'the installer failed: exit code 2'],
  ['makes nothing', 'true', 'the installer made no binding'],
])('a script that %s', async (_, script, message) => {
  await expect(install(script)).rejects.toMatchObject({
    code: 'E_SETUP',
    message: expect.stringContaining(message),
  })
})

test('a host that sends nothing is not waited for', async () => {
  await expect(install('sleep 60', 200)).rejects.toThrow('nothing was downloaded in 0.2 s')
})

test('a download that has begun is waited for', async () => {
  const slow = `mkdir -p deps/lib && sleep 0.5 && mkdir -p lib/napi-v8 && : > ${bindingPath}`
  expect(existsSync(await install(slow, 200))).toBe(true)
})
