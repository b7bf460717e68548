import { readFile } from 'node:fs/promises'
import { ConvkitError } from '@convkit/core'
import * as v from 'valibot'
import type { CommandContext } from './shared/options.js'
import { table } from './shared/text.js'
import { runFolder } from './train/run-folder.js'

/** What a finished run has reached. */
interface ComparedRun {
  readonly run: string
  readonly model: string
  readonly epochs: number
  readonly bestEpoch: number
  /** None where images have any number of labels. */
  readonly top1?: number | undefined
  /** Where images have any number of labels. */
  readonly meanAveragePrecision?: number | undefined
  readonly loss: number
  readonly macroF1?: number
  readonly top1Interval?: { readonly low: number; readonly high: number } | undefined
  readonly seconds: number
}

/** A setting, and its value in each run. */
interface Difference {
  readonly setting: string
  readonly values: readonly unknown[]
}

/** `convkit compare-runs <run> <runs...>` */
export async function compareRuns(paths: readonly string[], { report }: CommandContext): Promise<void> {
  const opened = await Promise.all(paths.map(openRun))
  const runs = opened.map(({ reached }) => reached)
  const differences = differencesOf(opened.map(({ config }) => config))
  const sameValidation = new Set(opened.map(({ validation }) => validation)).size === 1
  if (!sameValidation)
    report.warn('The runs were validated on different images: their numbers cannot be compared closely')
  report.result({ runs, differences, sameValidation }, textOf(runs, differences))
}

async function openRun(path: string) {
  const { config, summary, split } = runFolder(path)
  const record = await readJson(config, path, v.record(v.string(), v.unknown()))
  const { best, epochs, seconds, validation } = await readJson(summary, path, summarySchema)
  const reached: ComparedRun = {
    run: path,
    model: String(record.model),
    epochs,
    bestEpoch: best.epoch,
    top1: validation?.metrics.top1 ?? best.top1,
    meanAveragePrecision: validation?.metrics.meanAveragePrecision,
    loss: validation?.loss ?? best.loss,
    ...(validation && { macroF1: validation.macroF1, top1Interval: validation.top1Interval }),
    seconds,
  }
  const rows = (await readFile(split, 'utf8').catch(() => '')).split('\n')
  const held = rows.filter((row) => /,validation,[0-9a-f]+$/.test(row)).map((row) => row.split(',').slice(-3))
  return { config: record, reached, validation: held.map(String).sort().join('\n') }
}

/** A number that was not finite is null in JSON. */
const number = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
)
const summarySchema = v.object({
  epochs: number,
  seconds: number,
  best: v.object({ epoch: number, top1: v.optional(number), loss: number }),
  validation: v.optional(
    v.object({
      loss: number,
      macroF1: number,
      top1Interval: v.optional(v.object({ low: number, high: number })),
      metrics: v.object({ top1: v.optional(number), meanAveragePrecision: v.optional(number) }),
    }),
  ),
})

/** @throws E_MODEL when the run has not finished, or the folder is none. */
async function readJson<Schema extends v.GenericSchema>(
  file: string,
  run: string,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ConvkitError(
      'E_MODEL',
      `${run} is not the folder of a finished run: it has no ${file}; continue it with: convkit train --resume ${run}`,
    )
  })
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text)
  if (parsed.success) return parsed.output
  throw new ConvkitError('E_MODEL', `${file} cannot be read: ${parsed.issues[0].message}`)
}

/** Settings that are not the same in all runs. */
function differencesOf(configs: readonly Readonly<Record<string, unknown>>[]): Difference[] {
  const settings = [...new Set(configs.flatMap((config) => Object.keys(config)))]
  return settings
    .map((setting) => ({ setting, values: configs.map((config) => config[setting] ?? null) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1)
}

function textOf(runs: readonly ComparedRun[], differences: readonly Difference[]): string {
  const measures = (['top1', 'meanAveragePrecision'] as const).filter((measure) =>
    runs.some((run) => run[measure] !== undefined),
  )
  const reached = runs.map((run) => [
    run.run,
    run.model,
    `${run.bestEpoch}/${run.epochs}`,
    ...measures.map((measure) => measured(run, runs, measure)),
    run.top1Interval ? `${run.top1Interval.low.toFixed(2)}–${run.top1Interval.high.toFixed(2)}` : '–',
    run.macroF1?.toFixed(3) ?? '–',
    run.loss.toFixed(4),
    run.seconds.toFixed(0),
  ])
  const titles = measures.map((measure) => ({ top1: 'top-1 ', meanAveragePrecision: 'mAP ' })[measure])
  const header = ['run', 'model', 'epoch', ...titles, '95 %', 'macro F1', 'loss', 'seconds']
  const settings = differences.map(({ setting, values }) => [setting, ...values.map(shown)])
  const left = runs.map((_, index) => index + 1)
  return [
    table([header, ...reached], [0, 1]),
    ...(settings.length > 0
      ? [table([['setting', ...runs.map(({ run }) => run)], ...settings], [0, ...left])]
      : ['All settings are the same.']),
  ].join('\n\n')
}

/** A run's value, with a star on the best one. */
function measured(
  run: ComparedRun,
  runs: readonly ComparedRun[],
  measure: 'top1' | 'meanAveragePrecision',
): string {
  const value = run[measure]
  if (value === undefined) return '– '
  const best = Math.max(...runs.flatMap((each) => each[measure] ?? []))
  return `${value.toFixed(3)}${value === best ? '*' : ' '}`
}

function shown(value: unknown): string {
  if (value === null) return '–'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
