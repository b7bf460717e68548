import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Item {
  readonly text: string
  readonly link: string
}

/** A page a command, as `npm run docs` has made them. */
export const cliPages = (): Item[] => [
  { text: 'Overview', link: '/reference/cli/' },
  ...pagesIn('reference/cli').map((name) => ({ text: name, link: `/reference/cli/${name}` })),
]

/** A page an entry of a package. */
export const modules = (): Item[] =>
  pagesIn('reference/api').map((name) => ({ text: `@convkit/${name}`, link: `/reference/api/${name}` }))

/** A page a family of the zoo. */
export const architecturePages = (): Item[] =>
  pagesIn('architectures').map((name) => ({ text: name, link: `/architectures/${name}` }))

function pagesIn(folder: string): string[] {
  const path = fileURLToPath(new URL(`../${folder}`, import.meta.url))
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .map((name) => name.replaceAll('\\', '/').slice(0, -'.md'.length))
    .sort()
}
