// Writes api/*.api.md: what every entry of every package exports, to be read in a diff. Run it after `npm run build`;
// `--check` only compares.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const root = fileURLToPath(new URL('..', import.meta.url))
const reportFolder = join(root, 'api')
const check = process.argv.includes('--check')
const scratch = mkdtempSync(join(tmpdir(), 'convkit-api-'))

/** Entries that export something, as `[package folder, declarations, name of the report]`. */
const entries = readdirSync(join(root, 'packages')).flatMap((name) => {
  const folder = join(root, 'packages', name)
  if (!existsSync(join(folder, 'package.json'))) return []
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.entries(exports)
    .filter(([path, target]) => target.types && path !== './register')
    .map(([path, { types }]) => [
      folder,
      join(folder, types),
      path === '.' ? name : `${name}.${basename(path)}`,
    ])
})

try {
  mkdirSync(reportFolder, { recursive: true })
  const changed = entries.filter((entry) => !report(...entry)).map(([, , name]) => `api/${name}.api.md`)
  const wanted = new Set(entries.map(([, , name]) => `${name}.api.md`))
  const stale = readdirSync(reportFolder).filter((file) => !wanted.has(file))
  if (!check) for (const file of stale) rmSync(join(reportFolder, file))
  const wrong = [...changed, ...stale.map((file) => `api/${file}`)]
  if (check && wrong.length > 0) {
    console.error(`What packages export is not what ${wrong.join(', ')} say: run node tools/api.mjs, and commit them`)
    process.exitCode = 1
  }
} finally {
  rmSync(scratch, { recursive: true })
}

/** Whether the report was as it is now. */
function report(projectFolder, mainEntryPointFilePath, name) {
  const silent = { default: { logLevel: 'none' } }
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(projectFolder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder,
      mainEntryPointFilePath,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2023', 'DOM'],
            module: 'NodeNext',
            strict: true,
            skipLibCheck: true,
            types: ['node'],
          },
          files: [mainEntryPointFilePath],
        },
      },
      apiReport: { enabled: true, reportFolder, reportTempFolder: scratch, reportFileName: name },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  })
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => {
      if (message.logLevel === 'error') return
      message.handled = true
    },
  })
  return !apiReportChanged
}
