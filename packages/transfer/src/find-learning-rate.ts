import { type Callback, ConvkitError, type Dataset, type Model } from '@convkit/core'
import { type FitOptions, fit, type Optimizer, sgd } from '@convkit/train'

export interface LearningRatePoint {
  readonly learningRate: number
  /** Of the step's images. */
  readonly loss: number
  /** Running mean of the loss, in which early steps count as much as they should. */
  readonly smoothed: number
}

export interface LearningRateCurve {
  readonly points: readonly LearningRatePoint[]
  /** Where the smoothed loss falls fastest: a good highest rate of a schedule. Undefined where it never falls. */
  readonly suggestion: number | undefined
}

export interface FindLearningRateOptions
  extends Omit<FitOptions, 'epochs' | 'schedule' | 'validation' | 'callbacks' | 'resume' | 'evaluateEvery'> {
  /** Steps, of one batch each; 100 by default. */
  readonly steps?: number
  /** 1e-6 by default. */
  readonly from?: number
  /** 1 by default. */
  readonly to?: number
  /** Ends early when the smoothed loss is so many times its least value; 4 by default. */
  readonly divergence?: number
  readonly onStep?: (point: LearningRatePoint, step: number) => void
}

/** Share of the past in the running mean. */
const memory = 0.9

/**
 * The learning-rate range test (Smith 2015): trains with a rate that grows by the same factor each step, until the loss
 * diverges. The model has its own weights again afterwards, also when something fails.
 *
 * @throws E_OPTION; whatever `fit` throws.
 */
export async function findLearningRate(
  model: Model,
  train: Dataset,
  options: FindLearningRateOptions = {},
): Promise<LearningRateCurve> {
  const {
    steps = 100,
    from = 1e-6,
    to = 1,
    divergence = 4,
    onStep,
    optimizer = defaultOptimizer(),
    ...others
  } = options
  if (!(Number.isInteger(steps) && steps >= 2 && from > 0 && to > from)) {
    throw new ConvkitError(
      'E_OPTION',
      `findLearningRate: needs at least 2 steps and 0 < from < to, got ${steps} steps from ${from} to ${to}`,
    )
  }
  const before = new Map(model.weights)
  const points: LearningRatePoint[] = []
  let [mean, least] = [0, Number.POSITIVE_INFINITY]
  const record: Callback = {
    name: 'record',
    onBatchEnd(_, { batchLoss: loss = Number.NaN, lr: learningRate = 0 }, { control }) {
      mean = memory * mean + (1 - memory) * loss
      const smoothed = mean / (1 - memory ** (points.length + 1))
      least = Math.min(least, smoothed)
      if (!(smoothed <= divergence * least)) {
        control.stop = 'the loss diverges'
        return
      }
      const point = { learningRate, loss, smoothed }
      points.push(point)
      onStep?.(point, points.length)
      if (points.length >= steps) control.stop = 'all steps are done'
    },
  }
  const batchSize = Math.min(options.batchSize ?? 32, train.length)
  const stepsPerEpoch = Math.max(1, Math.floor(train.length / batchSize / (options.accumulate ?? 1)))
  try {
    await fit(model, train, {
      ...others,
      optimizer: { ...optimizer, learningRate: from },
      schedule: ({ step }) => (to / from) ** (step / (steps - 1)),
      epochs: Math.ceil(steps / stepsPerEpoch),
      metrics: [],
      callbacks: [record],
    })
  } finally {
    model.setWeights(before)
  }
  return { points, suggestion: steepest(points) }
}

const defaultOptimizer = (): Optimizer => sgd({ momentum: 0.9, nesterov: true })

/** The rate at which the smoothed loss falls fastest, before it is least. */
export function steepest(points: readonly LearningRatePoint[]): number | undefined {
  const losses = points.map(({ smoothed }) => smoothed)
  const end = losses.indexOf(Math.min(...losses))
  const falls = losses.slice(1, end + 1).map((loss, at) => (losses[at] as number) - loss)
  const fastest = Math.max(...falls)
  return fastest > 0 ? points[falls.indexOf(fastest) + 1]?.learningRate : undefined
}
