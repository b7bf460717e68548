import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { architectureFromData, ConvkitError } from '@convkit/core'
import * as v from 'valibot'
import { readArchitectureData } from '../shared/architecture-file.js'
import { readAugmentationData } from '../shared/augmentation-file.js'
import { isDataFile } from '../shared/data-file.js'
import { devices, precisions } from '../shared/options.js'
import { averages, optimizers, schedules, strategies } from './choices.js'

const shown = (value: unknown) => JSON.stringify(value) ?? String(value)

const whole = (least: number) =>
  v.custom<number>(
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= least,
    ({ input }) => `must be a whole number of at least ${least}, got ${shown(input)}`,
  )
const between = (least: number, most: number, what: string) =>
  v.custom<number>(
    (value) => typeof value === 'number' && value >= least && value <= most,
    ({ input }) => `must be ${what}, got ${shown(input)}`,
  )
const notNegative = between(0, Number.MAX_VALUE, 'a number of at least 0')
const positive = between(Number.MIN_VALUE, Number.MAX_VALUE, 'a number above 0')
const fraction = between(0, 1 - Number.EPSILON, 'in [0, 1)')
const text = v.custom<string>(
  (value) => typeof value === 'string' && value !== '',
  ({ input }) => `must be a text, got ${shown(input)}`,
)
const oneOf = <const T extends readonly string[]>(choices: T) =>
  v.picklist(choices, ({ input }) => `must be one of ${choices.join(', ')}, got ${shown(input)}`)

const entries = {
  data: text,
  model: v.optional(text),
  weights: v.optional(text, 'none'),
  epochs: v.optional(whole(1), 10),
  batchSize: v.optional(whole(1), 32),
  /** `auto` until it was measured; in a run's config a number. */
  lr: v.optional(
    v.custom<number | 'auto'>(
      (value) => value === 'auto' || (typeof value === 'number' && value > 0 && Number.isFinite(value)),
      ({ input }) => `must be a number above 0 or auto, got ${shown(input)}`,
    ),
  ),
  optimizer: v.optional(oneOf(optimizers), 'adamw'),
  weightDecay: v.optional(notNegative),
  momentum: v.optional(fraction, 0.9),
  schedule: v.optional(oneOf(schedules), 'cosine'),
  warmup: v.optional(notNegative),
  labelSmoothing: v.optional(fraction, 0),
  classWeights: v.optional(
    v.union(
      [v.boolean(), v.literal('balanced')],
      ({ input }) => `must be balanced, true or false, got ${shown(input)}`,
    ),
    false,
  ),
  oversample: v.optional(v.boolean('must be true or false'), false),
  fold: v.optional(text),
  format: v.optional(text),
  columns: v.optional(
    v.strictObject({
      path: v.optional(text),
      label: v.optional(text),
      split: v.optional(text),
      weight: v.optional(text),
      image: v.optional(text),
    }),
  ),
  root: v.optional(text),
  classes: v.optional(v.array(text)),
  clipNorm: v.optional(positive),
  accumulate: v.optional(whole(1), 1),
  /** A recipe's name or a file on the command line; a recipe's name or an augmentation as data in a run's config. */
  augment: v.optional(
    v.union(
      [text, v.record(v.string(), v.unknown())],
      ({ input }) => `must be a recipe, a file or an object, got ${shown(input)}`,
    ),
  ),
  size: v.optional(whole(1)),
  /** How pretrained weights are used; in a run's config never `auto`, but what that came to. */
  strategy: v.optional(oneOf(strategies)),
  /** A stage up to which layers are not trained, or patterns of their names with commas between them. */
  freeze: v.optional(text),
  validation: v.optional(
    v.union([fraction, text], ({ input }) => `must be in [0, 1) or a folder, got ${shown(input)}`),
  ),
  patience: v.optional(whole(0), 5),
  seed: v.optional(whole(0), 1),
  threads: v.optional(whole(1)),
  engine: v.optional(text, 'auto'),
  device: v.optional(oneOf(devices)),
  precision: v.optional(oneOf(precisions)),
  /** What the model that is evaluated and kept is an average of, if it is one. */
  average: v.optional(oneOf(averages), 'none'),
  tensorboard: v.optional(v.boolean('must be true or false'), false),
  /** Modules of the plugins that the run was begun with; written into a run's config. */
  plugins: v.optional(v.array(text)),
  /** What else the network was made from; written into a run's config, not given on the command line. */
  modelConfig: v.optional(v.record(v.string(), v.unknown())),
  /** The classifier in place of the network's own. */
  head: v.optional(
    v.strictObject({
      stages: v.optional(v.array(text)),
      hidden: v.optional(whole(1)),
      dropRate: v.optional(fraction),
    }),
  ),
  /** Of a network that a file described; `model` is its name. */
  architecture: v.optional(v.record(v.string(), v.unknown())),
  preprocessing: v.optional(
    v.strictObject({
      inputSize: v.tuple([whole(1), whole(1)]),
      channels: v.picklist([1, 3]),
      interpolation: v.picklist(['bilinear', 'bicubic', 'nearest']),
      cropPct: positive,
      cropMode: v.picklist(['center', 'squash']),
      mean: v.array(v.number()),
      std: v.array(v.number()),
    }),
  ),
}
const schema = v.strictObject(entries)

/** Everything that a run is made from; the run's `config.json`. */
export type TrainConfig = v.InferOutput<typeof schema>

/** Options in which the run's place and form are said, which are no part of its config. */
const placing: ReadonlySet<string> = new Set([
  'out',
  'resume',
  'config',
  'json',
  'quiet',
  'debug',
  'printConfig',
])

/**
 * The config from the command line over that of `--config` over defaults.
 *
 * @throws E_USAGE without data; E_OPTION naming a value that does not fit; E_CONFIG when the file cannot be read.
 */
export async function resolveConfig(
  data: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<TrainConfig> {
  const fromFile = typeof flags.config === 'string' ? await readConfig(flags.config) : {}
  const fromFlags = Object.fromEntries(Object.entries(flags).filter(([name]) => !placing.has(name)))
  const otherModel = ['model', 'weights', 'size'].some((name) => name in fromFlags)
  const merged = {
    ...fromFile,
    ...(otherModel && {
      modelConfig: undefined,
      preprocessing: undefined,
      architecture: undefined,
      head: undefined,
    }),
    ...fromFlags,
    ...(data !== undefined && { data }),
  }
  if (merged.data === undefined) {
    throw new ConvkitError('E_USAGE', 'train needs the folder of the images: convkit train photos')
  }
  const config = parseConfig(merged, (key) => (key in fromFlags ? flagOf(key) : key), 'E_OPTION')
  const { root } = config
  return {
    ...(await withAugmentation(await withArchitecture(config))),
    data: resolve(config.data),
    ...(root !== undefined && { root: resolve(root) }),
  }
}

/** A network named by the file that describes it is kept in the config itself, which so does not depend on the file. */
async function withArchitecture(config: TrainConfig): Promise<TrainConfig> {
  if (config.model === undefined || !isDataFile(config.model)) return config
  const architecture = await readArchitectureData(config.model)
  const { name } = architectureFromData(architecture, config.model)
  return { ...config, model: name, architecture }
}

/** So is an augmentation, under the name of its file where it has none. */
async function withAugmentation(config: TrainConfig): Promise<TrainConfig> {
  const { augment } = config
  if (typeof augment !== 'string' || !isDataFile(augment)) return config
  return { ...config, augment: await readAugmentationData(augment) }
}

/** The config of a run. @throws E_CONFIG. */
export async function readRunConfig(file: string): Promise<TrainConfig> {
  return parseConfig(await readConfig(file), (key) => `${key} in ${file}`, 'E_CONFIG')
}

/** The options that were given besides those that go with `--resume`. */
export function givenBesidesResume(
  data: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): string[] {
  const allowed = new Set(['resume', 'json', 'quiet', 'debug'])
  const given = Object.keys(flags).filter((name) => !allowed.has(name))
  return [...(data === undefined ? [] : ['<data>']), ...given.map(flagOf)]
}

function parseConfig(
  value: object,
  name: (key: string) => string,
  code: 'E_OPTION' | 'E_CONFIG',
): TrainConfig {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const key = v.getDotPath(issue) ?? ''
  const problem = key.split('.', 1)[0]! in entries ? issue.message : 'is not an option of train'
  throw new ConvkitError(code, `${name(key)} ${problem}`)
}

async function readConfig(file: string): Promise<Record<string, unknown>> {
  const fail = (problem: string) => new ConvkitError('E_CONFIG', `${file} ${problem}`)
  const json = await readFile(file, 'utf8').catch((error: Error) => {
    throw fail(`cannot be read: ${error.message}`)
  })
  try {
    return v.parse(v.record(v.string(), v.unknown()), JSON.parse(json))
  } catch (error) {
    throw fail(`is not a JSON object: ${(error as Error).message}`)
  }
}

/** `batchSize` → `--batch-size` */
function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
