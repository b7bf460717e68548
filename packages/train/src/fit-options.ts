import {
  type Augmentation,
  type Callback,
  ConvkitError,
  type Dataset,
  type Metric,
  type Model,
  type Schedule,
  type TrainingSnapshot,
  type WeightAveraging,
} from '@convkit/core'
import { checkDataset, checkSeveralLabels } from './check-dataset.js'
import type { ClipOptions } from './clip-gradients.js'
import { defaultMeasures } from './default-measures.js'
import type { Loss } from './losses/loss.js'
import type { Optimizer } from './optimizers/optimizer.js'
import { sgd } from './optimizers/sgd.js'
import { checkPhases, phasesOf, type TrainingPhase } from './phases.js'
import { requireCount, requireNonNegative, requireOption } from './require-option.js'
import { constant } from './schedules.js'

export interface FitOptions {
  readonly epochs: number
  /** Evaluated after each `evaluateEvery`-th epoch and the last one; its values are logged as `val_…`. */
  readonly validation?: Dataset
  /** Images of one native call; 32 by default. */
  readonly batchSize?: number
  /** Changes training images at random; not by default. Resuming needs the same one. */
  readonly augment?: Augmentation
  /** SGD with learning rate 0.01 and Nesterov momentum 0.9 by default. */
  readonly optimizer?: Optimizer
  /** What multiplies the optimizer's learning rate at each step; `constant()` by default. */
  readonly schedule?: Schedule
  /** `crossEntropy()` by default; where images have any number of labels, `binaryCrossEntropy()`. */
  readonly loss?: Loss
  /** Logged by their names; `topK(1)` and `topK(5)`, or `subsetAccuracy()` and `microF1()`, by default. */
  readonly metrics?: readonly Metric[]
  /** Called in this order; none by default. */
  readonly callbacks?: readonly Callback[]
  /** Shuffles images and draws dropout masks; the model's seed by default. */
  readonly seed?: number
  /** Limits gradients before each step; not by default. */
  readonly clip?: ClipOptions
  /**
   * Batches whose gradients make one step, 1 by default. A step is then as one of a batch so many times larger, except
   * that batch-norms see the smaller ones and class weights average within them; hooks count such steps as batches.
   */
  readonly accumulate?: number
  /** Which layers, by path (`layer1.0.conv1`), are not trained; none by default. */
  readonly isFrozen?: (path: string) => boolean
  /** What the learning rate of a parameter, by name (`fc.weight`), is multiplied by; 1 by default. */
  readonly learningRateOf?: (name: string) => number
  /** Epochs in which other layers are frozen, in place of `isFrozen`, `learningRateOf` or a callback that freezes. */
  readonly phases?: readonly TrainingPhase[]
  /** Where to go on, from `context.snapshot()` in a training with the same options. */
  readonly resume?: TrainingSnapshot
  /** Ends training after the step under way, as `control.stop` does, and has checkpoints written. */
  readonly signal?: AbortSignal
  /** Epochs between evaluations; 1 by default. */
  readonly evaluateEvery?: number
}

type Optional = 'validation' | 'augment' | 'clip' | 'isFrozen' | 'learningRateOf' | 'resume' | 'signal'

/** Options with nothing left open. */
export interface TrainingPlan extends Required<Omit<FitOptions, Optional>>, Pick<FitOptions, Optional> {
  readonly model: Model
  readonly train: Dataset
  readonly stepsPerEpoch: number
  /** What a callback has the weights averaged by. */
  readonly averaging: WeightAveraging | undefined
  /** What was done differently from what was asked for. */
  readonly warnings: readonly string[]
}

/** Checks options and fills in defaults. @throws E_OPTION, E_CLASSES, E_DATASET. */
export function planTraining(model: Model, train: Dataset, options: FitOptions): TrainingPlan {
  const plan = {
    batchSize: 32,
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true }),
    schedule: constant(),
    ...defaultMeasures(train),
    callbacks: [],
    seed: model.seed,
    accumulate: 1,
    evaluateEvery: 1,
    ...withoutUndefined(options),
    phases: phasesOf(model, options),
  }
  checkOptions(plan)
  checkPhases(plan.phases)
  checkDataset(model, train, 'training')
  checkSeveralLabels(train, plan)
  if (plan.validation) {
    checkDataset(model, plan.validation, 'validation')
    if (Boolean(plan.validation.targets) !== Boolean(train.targets)) {
      throw new ConvkitError(
        'E_DATASET',
        'Of the training and validation sets one has targets, any number of labels an image, and one has not: give both or neither',
      )
    }
  }

  const batchSize = Math.min(plan.batchSize, train.length)
  const accumulate = Math.min(plan.accumulate, Math.floor(train.length / batchSize))
  const stepsPerEpoch = Math.floor(train.length / (batchSize * accumulate))
  const warnings = [
    ...reduced('batchSize', plan.batchSize, batchSize, train.length),
    ...reduced('accumulate', plan.accumulate, accumulate, train.length),
  ]
  const averaging = plan.callbacks.find((callback) => callback.averaging)?.averaging
  return { ...plan, model, train, batchSize, accumulate, stepsPerEpoch, averaging, warnings }
}

function reduced(name: string, asked: number, used: number, images: number): string[] {
  return asked === used
    ? []
    : [`${name} is ${used} instead of ${asked}: the training set has only ${images} images`]
}

/** A key that is there but undefined takes its default too. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}

function checkOptions({
  epochs,
  batchSize,
  accumulate,
  evaluateEvery,
  optimizer,
  clip,
  metrics,
  callbacks,
}: FitOptions) {
  const counts = { epochs, batchSize, accumulate, evaluateEvery }
  for (const [name, value] of Object.entries(counts)) requireCount(name, value as number)
  requireNonNegative('the learning rate', optimizer?.learningRate ?? 0)
  for (const key of ['norm', 'value'] as const) {
    const limit = clip?.[key]
    requireOption(limit === undefined || limit > 0, `clip.${key}`, 'positive', limit)
  }
  requireNames('metrics', [
    'loss',
    'lr',
    'seconds',
    'images',
    'imagesPerSecond',
    'batchLoss',
    ...(metrics ?? []).map(({ name }) => name),
  ])
  requireNames(
    'callbacks',
    (callbacks ?? []).map(({ name }) => name),
  )
  requireOne('averaging', 'averages the weights', callbacks ?? [])
  requireOne('phases', 'freezes layers', callbacks ?? [])
}

function requireOne(key: 'averaging' | 'phases', does: string, callbacks: readonly Callback[]) {
  const [, second] = callbacks.filter((callback) => callback[key])
  requireOption(second === undefined, 'callbacks', `such that one of them ${does}`, second?.name)
}

/** Names are keys of logs and snapshots. */
function requireNames(list: string, names: readonly string[]) {
  const taken = names.find((name, index) => names.indexOf(name) !== index)
  requireOption(taken === undefined, list, 'of different names that logs do not use', taken)
}
