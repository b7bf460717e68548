import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheFolder, requireSpace } from './cache.js'
import { fakeProject, makeFolder, writeFiles } from './testing/fake-project.js'

test("the user's cache folder, or the package's own where there is none to write", async () => {
  const { installed } = await fakeProject()
  const home = await makeFolder()
  expect(await cacheFolder({ HOME: home }, installed)).toBe(join(home, '.cache/convkit/tensorflow'))
  const other = { HOME: home, XDG_CACHE_HOME: join(home, 'xdg') }
  expect(await cacheFolder(other, installed)).toBe(join(home, 'xdg/convkit/tensorflow'))
  await writeFiles(home, { file: '' })
  const unusable = { HOME: home, XDG_CACHE_HOME: join(home, 'file') }
  expect(await cacheFolder(unusable, installed)).toBe(join(installed.folder, '.convkit/tensorflow'))
})

test('a disk with too little room is named with what is needed', async () => {
  const folder = await makeFolder()
  await requireSpace(folder, 1)
  await expect(requireSpace(folder, 1e18)).rejects.toMatchObject({
    code: 'E_SETUP',
    message: expect.stringMatching(
      / has .* GB free of the 1000000000\.0 GB that are needed; .*XDG_CACHE_HOME$/,
    ),
  })
})
