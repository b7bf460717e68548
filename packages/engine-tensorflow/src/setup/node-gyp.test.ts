import { mkdir, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { findNodeGyp, findNodeHeaders, gypEnvironment, nodePreGyp } from './node-gyp.js'
import { fakeProject, makeFolder, writeFiles } from './testing/fake-project.js'

const headers = (major: number) => ({
  'include/node/node_api.h': '',
  'include/node/common.gypi': '',
  'include/node/node_version.h': `#define NODE_MAJOR_VERSION ${major}\n`,
})

test("Node's headers: of the same version, else of any, else none", async () => {
  const [empty, older, same] = [await makeFolder(), await makeFolder(), await makeFolder()]
  await writeFiles(older, headers(20))
  await writeFiles(same, headers(24))
  expect(findNodeHeaders([empty, older, same], 24)).toBe(same)
  expect(findNodeHeaders([empty, older, same], 22)).toBe(older)
  expect(findNodeHeaders([empty], 24)).toBeUndefined()
})

test('the node-gyp of the npm in PATH', async () => {
  const folder = await makeFolder()
  await writeFiles(folder, {
    'lib/node_modules/npm/bin/npm-cli.js': '',
    'lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js': '',
  })
  await mkdir(join(folder, 'bin'))
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'bin/npm'))
  const path = [join(folder, 'nothing'), join(folder, 'bin')].join(delimiter)
  expect(findNodeGyp(path)).toBe(join(folder, 'lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js'))
  expect(findNodeGyp(join(folder, 'nothing'))).toBeUndefined()
})

test('what the environment says already is kept', () => {
  const env = { npm_config_node_gyp: '/my/node-gyp', npm_config_nodedir: '/my/node', PATH: '' }
  expect(gypEnvironment(env, '/usr/bin/python3')).toEqual({
    ...env,
    NODE_GYP_FORCE_PYTHON: '/usr/bin/python3',
  })
})

test("node-pre-gyp is the package's own", async () => {
  const { folder, installed } = await fakeProject()
  expect(nodePreGyp(installed)).toBe(join(folder, 'node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp'))
})
