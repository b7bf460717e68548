// Writes the pages that are made from the packages: the command line, error codes, families of the zoo, the API.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listModels } from '../models/list-models.js'
import { writeApi } from './api.js'
import { cliPages } from './cli.js'
import { errorPage } from './errors.js'
import { familyPages } from './families.js'

const site = fileURLToPath(new URL('../..', import.meta.url))
const packages = join(site, '../../packages')

await rm(join(site, 'reference'), { recursive: true, force: true })
await writePages('reference/cli', cliPages())
await writePages('reference', new Map([['errors.md', errorPage(packages)]]))
await writePages('architectures', familyPages(await listModels(), join(packages, 'zoo/src')))
await writeApi(packages, join(site, 'reference/api'))

async function writePages(folder: string, pages: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of pages) {
    const file = join(site, folder, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
