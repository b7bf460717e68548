import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { convkit, makeFolder } from './convkit.js'

let cwd: string
beforeAll(async () => {
  cwd = await makeFolder()
})
afterAll(() => rm(cwd, { recursive: true }))

/** A project with a tfjs-node-gpu, which this workspace does not have, whose own files do nothing. */
async function fakePackage(name: string): Promise<string> {
  const project = join(cwd, name)
  const modules = join(project, 'node_modules')
  const files = {
    '@tensorflow/tfjs-node-gpu/package.json': JSON.stringify({
      version: '4.22.0',
      scripts: { install: 'echo "Error: the host is out" && exit 1' },
      binary: { napi_versions: [8] },
    }),
    '@tensorflow/tfjs-node-gpu/binding.gyp': '',
    '@tensorflow/tfjs-node-gpu/binding/binding.cc': '',
    '@tensorflow/tfjs-node-gpu/scripts/install.js': '',
    '@mapbox/node-pre-gyp/package.json': '{}',
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(modules, file, '..'), { recursive: true })
    await writeFile(join(modules, file), text)
  }
  return project
}

test('the package is missing: the command that installs it', async () => {
  const { code, stdout, stderr } = await convkit(cwd, 'setup', 'tensorflow', '--gpu')
  const command = 'npm install --ignore-scripts @tensorflow/tfjs-node-gpu'
  expect(stderr).toBe(
    `Error    @tensorflow/tfjs-node-gpu is not installed; install it with: ${command}; then run this again (E_SETUP)\n`,
  )
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('nothing works: each try in a line, and all reasons in the error', async () => {
  const project = await fakePackage('nothing')
  const python = ['--python', 'no-such-python']
  const { code, stdout, stderr } = await convkit(project, 'setup', 'tensorflow', '--gpu', ...python)
  expect(stdout).toMatch(/^Package {2}@tensorflow\/tfjs-node-gpu 4\.22\.0 in .*tfjs-node-gpu$/m)
  expect(stdout).toMatch(/^Binding {2}@tensorflow\/tfjs-node-gpu has no native binding$/m)
  expect(stdout).toMatch(/^Install .*echo "Error: the host is out" && exit 1$/m)
  expect(stderr).toMatch(
    /^Error .*the host is out \(exit code 1\); Python 3 is needed .*\(no-such-python: not found\).*\(E_SETUP\)\n$/,
  )
  expect(code).toBe(1)
  const json = await convkit(project, 'setup', 'tensorflow', '--gpu', ...python, '--json')
  expect(JSON.parse(json.stdout)).toEqual({
    error: { code: 'E_SETUP', message: expect.stringContaining('the host is out') },
  })
})

test('an engine that needs no set-up', async () => {
  const { code, stderr } = await convkit(cwd, 'setup', 'onnx')
  expect(stderr).toMatch(/'onnx' is invalid.*Allowed choices are tensorflow.*\(E_USAGE\)\n$/)
  expect(code).toBe(2)
})
