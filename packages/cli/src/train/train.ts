import { readFile, writeFile } from 'node:fs/promises'
import {
  type Augmentation,
  ConvkitError,
  type Engine,
  type Model,
  type Registry,
  selectEngine,
} from '@convkit/core'
import { newestCheckpoint, saveModel } from '@convkit/core/node'
import { cachedInputs } from '@convkit/data'
import type { TrainFlags } from '../commands/train.js'
import { registerArchitecture } from '../shared/architecture-file.js'
import type { Host } from '../shared/host.js'
import { isFile, recordedPlugins } from '../shared/model-source.js'
import { type CommandContext, engineOptions } from '../shared/options.js'
import type { Report } from '../shared/report.js'
import { scaled } from '../shared/text.js'
import { augmentationOf, defaultAugment, printAugmentation } from './augment.js'
import { givenBesidesResume, readRunConfig, resolveConfig, type TrainConfig } from './config.js'
import { openRunData, printData, type RunData } from './data.js'
import { describeEnvironment } from './environment.js'
import { withLearningRate } from './learning-rate.js'
import { createRunModel, resumeRunModel, withModel } from './model.js'
import { measureOutcome, printOutcome } from './outcome.js'
import { writeRunReport } from './report.js'
import { type Run, trainRun } from './run.js'
import { createRunFolder, type RunFolder, runFolder, writeJson } from './run-folder.js'
import { describeSplit, requireSameSplit } from './split.js'
import { applyStrategy } from './strategy.js'

/** `convkit train`: a new run, or a resumed one. */
export async function train(
  data: string | undefined,
  flags: TrainFlags,
  context: CommandContext,
): Promise<void> {
  const started = performance.now()
  const run =
    typeof flags.resume === 'string'
      ? await resumeRun(flags.resume, givenBesidesResume(data, flags), context)
      : await beginRun(await resolveConfig(data, flags), String(flags.out ?? 'runs'), context)
  const result = await trainRun(run, context)

  const { folder, model } = run
  const { validation } = run.data
  await saveModel(model, folder.model)
  const seconds = (performance.now() - started) / 1000
  const { outcome, answers } = await measureOutcome({
    folder,
    model,
    validation,
    batchSize: run.config.batchSize,
    result,
    seconds,
  })
  await writeJson(folder.summary, outcome)
  // The run is whole without its report.
  await writeRunReport({ run, result, outcome, answers }).catch((error: Error) =>
    context.report.warn(`${folder.report} could not be written: ${error.message}`),
  )
  await model.dispose()
  printOutcome(outcome, model, context.report)
  const { epochs, best } = outcome
  context.report.result({ run: folder.path, epochs, best, seconds }, context.report.quiet ? folder.path : '')
}

async function beginRun(asked: TrainConfig, out: string, { host, report }: CommandContext): Promise<Run> {
  const registry = await registryFor(asked, host)
  // What is wrong with the command line is said before images are read.
  if (asked.model !== undefined) registry.model(asked.model)
  augmentationOf(asked, registry)
  const engine = await engineOf(asked, registry)
  const data = await openRunData(asked, registry.datasets.values(), report)
  printData(asked, data, report)
  // A strategy makes a head of its own, for the network as it was.
  const whole = asked.strategy === undefined ? asked : { ...asked, head: undefined }
  const created = await createRunModel(whole, data, engine, registry)
  const { origin } = created
  const { model, config: chosen } = await applyStrategy(asked, created.model, data, report)
  const unrated = {
    ...withModel(chosen, model),
    augment: chosen.augment ?? defaultAugment(data),
    plugins: [...new Set([...(chosen.plugins ?? []), ...(await host.plugins())])],
  }
  const augmentation = augmentationOf(unrated, registry)
  const { config, curve } = await withLearningRate(unrated, { model, data, augmentation }, report)
  const folder = await createRunFolder(out)
  await writeJson(folder.config, config)
  await writeJson(folder.environment, await describeEnvironment(model.engine, config.seed))
  await writeFile(folder.split, await describeSplit(data.root, data))
  await writeJson(folder.dataReport, data.report)
  if (curve) await writeJson(folder.rates, curve)
  return ready({ folder, config, data, model, augmentation, resume: undefined }, origin, report)
}

async function resumeRun(
  path: string,
  others: readonly string[],
  { host, report }: CommandContext,
): Promise<Run> {
  if (others.length > 0) {
    throw new ConvkitError('E_USAGE', `A run is resumed with its own config: leave ${others.join(', ')} out`)
  }
  const folder = runFolder(path)
  if (!(await isFile(folder.config)))
    throw new ConvkitError('E_RESUME', `${path} is not the folder of a run: it has no config.json`)
  if (await isFile(folder.summary)) {
    throw new ConvkitError('E_RESUME', `${path} has finished; use it with: convkit predict ${path} photo.jpg`)
  }
  const config = { ...(await readRunConfig(folder.config)), plugins: [...(await recordedPlugins(path))] }
  const { folder: from, snapshot } = await newestCheckpoint(path)
  const registry = await registryFor(config, host)
  const engine = await engineOf(config, registry)
  const data = await openRunData(config, registry.datasets.values(), report)
  requireSameSplit(path, await readFile(folder.split, 'utf8'), await describeSplit(data.root, data))
  printData(config, data, report)
  const model = await resumeRunModel(config, data.train, snapshot.model, engine, registry)
  const augmentation = augmentationOf(config, registry)
  return ready({ folder, config, data, model, augmentation, resume: snapshot }, `weights of ${from}`, report)
}

/** Says what is about to be trained. */
function ready(run: Run, origin: string, report: Report): Run {
  const { model, augmentation, data } = run
  printModel(model, origin, report)
  printAugmentation(augmentation, report)
  printRun(run.folder, report)
  return { ...run, data: withCachedInputs(data, model, augmentation) }
}

/** Inputs of the network are kept where they are the same in every epoch. */
function withCachedInputs(
  data: RunData,
  { preprocessing }: Model,
  augmentation: Augmentation | undefined,
): RunData {
  const { train, validation } = data
  return {
    ...data,
    train: augmentation ? train : cachedInputs(train, preprocessing),
    validation: validation && cachedInputs(validation, preprocessing),
  }
}

/** The registry, with the run's own network where its config describes one. */
async function registryFor({ architecture, model, plugins }: TrainConfig, host: Host): Promise<Registry> {
  const registry = await host.registry(plugins)
  if (architecture) registerArchitecture(registry, architecture, `architecture of ${model}`)
  return registry
}

function engineOf(config: TrainConfig, registry: Registry): Promise<Engine> {
  return selectEngine(registry.engines.values(), config.engine, engineOptions(config))
}

function printModel(
  { name, weights, variant, preprocessing, engine, trace }: Model,
  origin: string,
  report: Report,
): void {
  const { state } = trace({ batchSize: 1, mode: 'infer' })
  const parameters = [...state]
    .filter(([, { kind }]) => kind === 'parameter')
    .map(([key]) => weights.get(key)?.data.length ?? 0)
  const size = preprocessing.inputSize.join('×')
  const total = scaled(parameters.reduce((sum, count) => sum + count, 0))
  report.line(
    'Model',
    `${name} (${variant.architecture.name}), ${origin}, ${total} parameters, input ${size}`,
  )
  report.line('Engine', `${engine.name} (${engine.description})`)
}

function printRun({ path }: RunFolder, report: Report): void {
  report.line('Run', `${path}; Ctrl-C saves and stops; resume with: convkit train --resume ${path}`)
  if (!report.quiet) report.terminal.line('')
}
