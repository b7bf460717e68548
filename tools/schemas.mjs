// Writes packages/core/schemas/architecture.json, by which editors check a network's JSON or YAML file, from the
// schema that convkit itself reads such files by. Run it after `npm run build`; `--check` only compares.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { architectureSchema } from '@convkit/core'
import { toJsonSchema } from '@valibot/to-json-schema'

const file = fileURLToPath(new URL('../packages/core/schemas/architecture.json', import.meta.url))
const schema = toJsonSchema(architectureSchema)
const text = `${JSON.stringify({ $schema: schema.$schema, title: 'convkit architecture', ...schema }, null, 2)}\n`

if (!process.argv.includes('--check')) {
  mkdirSync(new URL('.', `file://${file}`), { recursive: true })
  writeFileSync(file, text)
} else if (readFileSync(file, 'utf8') !== text) {
  console.error(`${file} is not up to date: run node tools/schemas.mjs`)
  process.exit(1)
}
