// Run as a program: the process that the model of `convkit serve` is in. Its only argument is JSON.

import type { EngineOptions } from '@convkit/core'
import { answerServer, modelBackend } from '@convkit/serve'
import { processHost } from './shared/host.js'
import { openModel } from './shared/model-source.js'
import { withPlugins } from './shared/plugins.js'
import { createReport } from './shared/report.js'

export interface ModelProcessArguments extends EngineOptions {
  readonly path: string
  readonly batchSize: number
  /** Modules of the plugins that the command was given. */
  readonly plugins: readonly string[]
  readonly engine?: string | undefined
}

const { path, batchSize, plugins, ...options } = JSON.parse(process.argv[2] ?? '{}') as ModelProcessArguments

await answerServer(async () => {
  const own = withPlugins(processHost(), () => undefined)
  const host: typeof own = {
    ...own,
    registry: (recorded = []) => own.registry([...new Set([...plugins, ...recorded])]),
  }
  const model = await openModel(path, { host, report: createReport(host, []) }, options)
  return modelBackend(model, { batchSize })
})
