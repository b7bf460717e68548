import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execute, makeProject, packAll, workspace } from './packed.js'

// A release up to the point at which npm would keep it.

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'convkit-release-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('changesets become versions and changelogs', async () => {
  const copy = join(root, 'workspace')
  await execute(root, 'git', 'clone', '--quiet', '--no-hardlinks', workspace, copy)
  await symlink(join(workspace, 'node_modules'), join(copy, 'node_modules'), 'dir')
  const noted = (await readdir(join(copy, '.changeset'))).filter(isChangeset)
  const texts = await Promise.all(noted.map((file) => readFile(join(copy, '.changeset', file), 'utf8')))
  const released = new Set(texts.flatMap((text) => text.match(/@convkit\/[a-z-]+/g) ?? []))
  await execute(copy, process.execPath, join(workspace, 'node_modules/@changesets/cli/bin.js'), 'version')

  expect((await readdir(join(copy, '.changeset'))).filter(isChangeset)).toEqual([])
  for (const name of released) {
    const folder = name.replace('@convkit/', 'packages/')
    const versionIn = async (place: string) =>
      (JSON.parse(await readFile(join(place, folder, 'package.json'), 'utf8')) as { version: string }).version
    const version = await versionIn(copy)
    expect(version).not.toBe(await versionIn(workspace))
    expect(await readFile(join(copy, folder, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}`)
  }
})

const isChangeset = (file: string) => file.endsWith('.md') && file !== 'README.md'

test('npm would take every package, with no script of its own to run', async () => {
  const archives = await packAll(await makeProject(join(root, 'archives'), []))
  expect(archives.size).toBeGreaterThan(10)
  for (const [name, archive] of archives) {
    const { [name]: entry } = JSON.parse(
      await execute(
        root,
        'npm',
        'publish',
        archive,
        '--dry-run',
        '--json',
        '--no-provenance',
        '--access',
        'public',
      ),
    ) as Record<string, { files: { path: string }[] }>
    const files = entry?.files.map(({ path }) => path) ?? []
    expect(files, name).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']))
    expect(
      files.filter((path) => /\.test\.|\.ts$/.test(path) && !/\.d\.ts$|^templates\//.test(path)),
    ).toEqual([])
  }
})
