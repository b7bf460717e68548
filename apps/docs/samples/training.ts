import type { Dataset, Model, Schedule } from '@convkit/core'

declare const model: Model
declare const train: Dataset
declare const validation: Dataset

// #region fit
import { adamW, cosine, crossEntropy, fit, topK } from '@convkit/train'

export const { history, stopped, warnings } = await fit(model, train, {
  validation,
  epochs: 30,
  batchSize: 64,
  optimizer: adamW({ learningRate: 1e-3, weightDecay: 0.01 }),
  // multiplies the optimizer's rate
  schedule: cosine({ warmup: { epochs: 3 } }),
  loss: crossEntropy({ labelSmoothing: 0.1 }),
  metrics: [topK(1)],
  clip: { norm: 1 }, // of each step's gradients
  accumulate: 2, // batches that make one step
  seed: 1,
})
// #endregion fit

// #region schedule
/** A quarter of the rate in the second half. */
const halfway: Schedule = ({ step, steps }) => (step < steps / 2 ? 1 : 0.25)
// #endregion schedule
await fit(model, train, { epochs: 2, schedule: halfway })

// #region lr-find
import { findLearningRate } from '@convkit/transfer'

export const { points, suggestion } = await findLearningRate(model, train, {
  batchSize: 32,
})
// #endregion lr-find
