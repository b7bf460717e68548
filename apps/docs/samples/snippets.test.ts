import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const site = fileURLToPath(new URL('..', import.meta.url))

/** Samples that pages take, as `samples/training.ts#fit`; VitePress passes over one that is not there. */
const taken = ['.', 'guide', 'concepts', 'demos', 'architectures'].flatMap(
  (folder) =>
    readdirSync(join(site, folder))
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) => {
        const text = readFileSync(join(site, folder, name), 'utf8')
        return [...text.matchAll(/^<<< @\/(\S+)$/gm)].map(
          ([, path = '']) => path,
        )
      }),
)

test.each([...new Set(taken)])('%s is there', (path) => {
  const [file = '', region] = path.split('#')
  const text = readFileSync(join(site, file), 'utf8')
  if (region === undefined) return
  expect(text).toContain(`// #region ${region}\n`)
  expect(text).toContain(`// #endregion ${region}\n`)
})

test('every sample is on a page', () => {
  const files = new Set(taken.map((path) => path.split('#')[0]))
  const samples = readdirSync(join(site, 'samples'), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter((name) => /^[^.]+(\.config)?\.(ts|yaml)$/.test(name))
    .map((name) => `samples/${name.replaceAll('\\', '/')}`)
  expect(samples.length).toBeGreaterThan(20)
  expect(samples.filter((name) => !files.has(name))).toEqual([])
})
