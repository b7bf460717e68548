import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError, type Plugin } from '@convkit/core'
import * as v from 'valibot'
import type { AugmentOptions } from '../commands/augment.js'
import type { BenchmarkOptions } from '../commands/benchmark.js'
import type { EmbedOptions } from '../commands/embed.js'
import type { EvaluateOptions } from '../commands/evaluate.js'
import type { ExplainOptions } from '../commands/explain.js'
import type { ExportOptions } from '../commands/export.js'
import type { LrFindOptions } from '../commands/lr-find.js'
import type { PredictOptions } from '../commands/predict.js'
import type { ServeCommandOptions } from '../commands/serve.js'
import type { SummaryOptions } from '../commands/summary.js'
import type { TrainConfig } from '../train/config.js'
import { readDataFile } from './data-file.js'
import type { SharedOptions } from './options.js'
import { importModule, isPlugin } from './plugin-modules.js'

/** What of a run's config the command line can say. */
type TrainOptions = Omit<
  TrainConfig,
  'data' | 'plugins' | 'modelConfig' | 'head' | 'architecture' | 'preprocessing'
>

/** What `convkit.config.ts`, `.js` or `.json` exports, in the folder in which a command runs. */
export interface ConvkitConfig extends SharedOptions {
  /** Plugins, or modules whose default export is one: names of packages, or paths from the file's folder. */
  readonly plugins?: readonly (Plugin | string)[]
  /** Options of one command, by its name; they go before those of all commands, beside them. */
  readonly train?: Partial<TrainOptions>
  readonly evaluate?: EvaluateOptions
  readonly explain?: Partial<ExplainOptions>
  readonly serve?: Partial<ServeCommandOptions>
  readonly export?: Partial<ExportOptions>
  readonly benchmark?: BenchmarkOptions
  readonly predict?: PredictOptions
  readonly embed?: EmbedOptions
  readonly 'lr-find'?: LrFindOptions
  readonly augment?: AugmentOptions
  readonly summary?: SummaryOptions
}

/** Checks a config's shape at compile time and returns it unchanged: `export default defineConfig({ engine: 'onnx' })`. */
export function defineConfig(config: ConvkitConfig): ConvkitConfig {
  return config
}

/** A config that was found, with its options yet to be checked by the commands that have them. */
export interface ConfigFile {
  readonly path: string
  readonly plugins: readonly (Plugin | string)[]
  readonly options: Readonly<Record<string, unknown>>
}

const names = ['convkit.config.ts', 'convkit.config.js', 'convkit.config.json']

/** Whether a path may be that of a config. */
export const isConfigName = (name: string) => names.includes(name)

/** The path of a folder's config, if it has one. @throws E_CONFIG for several. */
export async function findConfig(folder: string): Promise<string | undefined> {
  const paths = names.map((name) => join(folder, name))
  const isThere = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))
  const found = paths.filter((_, index) => isThere[index])
  if (found.length < 2) return found[0]
  throw new ConvkitError(
    'E_CONFIG',
    `There is more than one config, ${found.join(' and ')}: keep one of them`,
  )
}

const schema = v.looseObject({
  plugins: v.optional(
    v.array(
      v.union(
        [v.pipe(v.string(), v.nonEmpty()), v.custom<Plugin>(isPlugin)],
        ({ input }) => `must be plugins or names of modules, got ${JSON.stringify(input) ?? String(input)}`,
      ),
      'must be a list of plugins or of names of modules',
    ),
    [],
  ),
})

/** @throws E_CONFIG when the file cannot be read or exports no config. */
export async function readConfig(path: string): Promise<ConfigFile> {
  const value = path.endsWith('.json')
    ? await readDataFile(path, 'E_CONFIG', 'plugins and options')
    : await importModule(path).catch((cause: Error) => {
        throw new ConvkitError('E_CONFIG', `${path} could not be loaded: ${cause.message}`, { cause })
      })
  const parsed = v.safeParse(schema, value)
  if (parsed.success) {
    const { plugins, ...options } = parsed.output
    return { path, plugins, options }
  }
  const [issue] = parsed.issues
  const key = v.getDotPath(issue)
  throw new ConvkitError(
    'E_CONFIG',
    key
      ? `${key} in ${path} ${issue.message}`
      : `${path} has no config as its default export: export default defineConfig({ plugins: […] })`,
  )
}
