import { readdir } from 'node:fs/promises'
import {
  averageWeights,
  checkpoint,
  csvLog,
  earlyStopping,
  jsonLog,
  progress,
  simpleLog,
  tensorboard,
  terminateOnNaN,
} from '@convkit/callbacks'
import {
  type Augmentation,
  type Callback,
  ConvkitError,
  type Model,
  type TrainingSnapshot,
} from '@convkit/core'
import { readWeights } from '@convkit/core/node'
import { type FitResult, fit, microF1, subsetAccuracy, topK } from '@convkit/train'
import { Interrupted } from '../shared/failure.js'
import { type Signal, signalExitCodes } from '../shared/host.js'
import type { CommandContext } from '../shared/options.js'
import type { Report } from '../shared/report.js'
import type { TrainConfig } from './config.js'
import type { RunData } from './data.js'
import { recipeOf } from './recipe.js'
import type { RunFolder } from './run-folder.js'
import { runPhases } from './strategy.js'

/** A run that is ready to train: new, or where its newest checkpoint left it. */
export interface Run {
  readonly folder: RunFolder
  readonly config: TrainConfig
  readonly data: RunData
  readonly model: Model
  readonly augmentation: Augmentation | undefined
  readonly resume: TrainingSnapshot | undefined
}

/** Trains. @throws Interrupted when a signal came; what was trained is saved then. */
export async function trainRun(
  { folder, config, data, model, augmentation, resume }: Run,
  { host, report }: CommandContext,
): Promise<FitResult> {
  const stop = new AbortController()
  let caught: Signal | undefined
  const release = host.onSignal((signal) => {
    if (caught) return host.exit(signalExitCodes[signal])
    caught = signal
    report.line('Stopping', 'after this step, then saves; once more stops at once')
    stop.abort()
  })
  try {
    const phases = await runPhases(config, model, data, augmentation, { report, signal: stop.signal })
    const result = await fit(model, data.train, {
      ...recipeOf(config, data.train),
      ...(phases && { phases }),
      metrics: data.train.targets ? [subsetAccuracy(), microF1()] : [topK(1)],
      callbacks: callbacksOf(folder, config, data, report),
      signal: stop.signal,
      ...(data.validation && { validation: data.validation }),
      ...(augmentation && { augment: augmentation }),
      ...(resume && { resume }),
    })
    for (const warning of result.warnings) report.warn(warning)
    if (caught) throw new Interrupted(caught, `saved; resume with: convkit train --resume ${folder.path}`)
    return result
  } catch (error) {
    throw await withRemedy(error, folder)
  } finally {
    release()
    report.terminal.clear()
  }
}

function callbacksOf(
  folder: RunFolder,
  { patience, average, tensorboard: hasEventFiles }: TrainConfig,
  { validation }: RunData,
  report: Report,
): Callback[] {
  const { output, quiet } = report
  return [
    ...(quiet ? [] : [progress({ output }), simpleLog({ output, announce: false })]),
    ...(validation
      ? [
          earlyStopping({
            patience: patience || Number.POSITIVE_INFINITY,
            bestWeights: () => readWeights(folder.best),
          }),
        ]
      : []),
    ...(average === 'none'
      ? []
      : [averageWeights({ kind: average === 'ema' ? 'exponential' : 'stochastic' })]),
    csvLog({ file: folder.metrics }),
    jsonLog({ file: folder.events }),
    ...(hasEventFiles ? [tensorboard({ folder: folder.tensorboard })] : []),
    checkpoint({ folder: folder.checkpoints, everyMinutes: 10 }),
    terminateOnNaN({ action: 'throw' }),
  ]
}

/** Says what is left of a run that failed. */
async function withRemedy(error: unknown, { path, checkpoints }: RunFolder): Promise<unknown> {
  const remedy = error instanceof ConvkitError ? remedies[error.code] : undefined
  const { length } = remedy ? await readdir(checkpoints).catch(() => []) : []
  if (!remedy || length === 0) return error
  const { code, message } = error as ConvkitError
  return new ConvkitError(code, `${message}; ${remedy(path)}`, { cause: error })
}

const remedies: Readonly<Record<string, (run: string) => string>> = {
  E_DISK_FULL: (run) => `resume with: convkit train --resume ${run}`,
  E_NAN: (run) => `the last finite weights are in ${run}/checkpoints`,
}
