import type { Dataset } from '@convkit/core'
import {
  adam,
  adamW,
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
    optimizer: optimizerOf[config.optimizer](config),
    schedule: scheduleOf[config.schedule](config),
    loss: lossOf(config, train),
    ...(clipNorm !== undefined && { clip: { norm: clipNorm } }),
  }
}

const optimizerOf: Readonly<Record<Choice<typeof optimizers>, (config: TrainConfig) => Optimizer>> = {
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

function lossOf({ labelSmoothing, classWeights }: TrainConfig, { labels, classes }: Dataset): Loss {
  return crossEntropy({
    labelSmoothing,
    ...(classWeights && { classWeights: balanced(labels, classes.length) }),
  })
}

/** images / (classes · images of the class), as scikit-learn's `balanced`. */
function balanced(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (let i = 0; i < labels.length; i++) (counts[labels[i] as number] as number)++
  return counts.map((count) => (count === 0 ? 0 : labels.length / (classes * count)))
}
