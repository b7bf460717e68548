import type { Dataset } from '@convkit/core'
import { classWeights } from '@convkit/data'
import {
  adam,
  adamW,
  binaryCrossEntropy,
  constant,
  cosine,
  crossEntropy,
  type FitOptions,
  type Loss,
  type Optimizer,
  oneCycle,
  polynomial,
  rmsprop,
  type Schedule,
  sgd,
  step,
} from '@convkit/train'
import type { optimizers, schedules } from './choices.js'
import type { TrainConfig } from './config.js'

type Choice<T extends readonly string[]> = T[number]
type Recipe = Pick<
  FitOptions,
  'optimizer' | 'schedule' | 'loss' | 'clip' | 'accumulate' | 'epochs' | 'batchSize' | 'seed'
>

/** What `fit` needs to know, from a run's config. */
export function recipeOf(config: TrainConfig, train: Dataset): Recipe {
  const { epochs, batchSize, seed, accumulate, clipNorm } = config
  return {
    epochs,
    batchSize,
    seed,
    accumulate,
    optimizer: optimizerOf[config.optimizer]({ ...config, lr: config.lr === 'auto' ? undefined : config.lr }),
    schedule: scheduleOf[config.schedule](config),
    loss: lossOf(config, train),
    ...(clipNorm !== undefined && { clip: { norm: clipNorm } }),
  }
}

type OptimizerConfig = Pick<TrainConfig, 'weightDecay' | 'momentum'> & { readonly lr: number | undefined }

const optimizerOf: Readonly<Record<Choice<typeof optimizers>, (config: OptimizerConfig) => Optimizer>> = {
  adamw: ({ lr = 1e-3, weightDecay = 0.01 }) => adamW({ learningRate: lr, weightDecay }),
  adam: ({ lr = 1e-3, weightDecay = 1e-4 }) => adam({ learningRate: lr, weightDecay }),
  sgd: ({ lr = 0.05, weightDecay = 1e-4, momentum }) =>
    sgd({ learningRate: lr, weightDecay, momentum, nesterov: momentum > 0 }),
  rmsprop: ({ lr = 1e-3, weightDecay = 1e-4, momentum }) =>
    rmsprop({ learningRate: lr, weightDecay, momentum }),
}

const scheduleOf: Readonly<Record<Choice<typeof schedules>, (config: TrainConfig) => Schedule>> = {
  cosine: (config) => cosine(warmupOf(config)),
  constant: (config) => constant(warmupOf(config)),
  // Three drops over the run, as He et al. 2016 have them in proportion.
  step: (config) => step({ every: Math.max(1, Math.ceil(config.epochs / 3)), ...warmupOf(config) }),
  'one-cycle': () => oneCycle(),
  polynomial: (config) => polynomial(warmupOf(config)),
}

function warmupOf({ warmup, epochs }: TrainConfig) {
  return { warmup: { epochs: warmup ?? epochs / 10 } }
}

function lossOf({ labelSmoothing, classWeights: isWeighted }: TrainConfig, train: Dataset): Loss {
  if (!train.targets) {
    return crossEntropy({ labelSmoothing, ...(isWeighted && { classWeights: classWeights(train) }) })
  }
  return binaryCrossEntropy({
    labelSmoothing,
    ...(isWeighted && { positiveWeights: negativesAPositive(train) }),
  })
}

/** How many images do not show a class for each that does: PyTorch's `pos_weight`. */
function negativesAPositive(train: Dataset): number[] {
  return classWeights(train).map((weight) => Math.max(0, weight * train.classes.length - 1))
}
