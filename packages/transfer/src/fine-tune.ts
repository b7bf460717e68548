import type { Dataset, Model } from '@convkit/core'
import { adamW, cosine, type FitOptions, type FitResult, fit } from '@convkit/train'
import { type Thaw, thaw, withCachedFeatures } from './thaw.js'

export interface FineTuneOptions extends Omit<FitOptions, 'phases' | 'isFrozen' | 'learningRateOf'> {
  /** Epochs with the whole network, or what `then` leaves of it, in training. */
  readonly epochs: number
  /** Epochs before them in which only the head is trained; 1 by default. */
  readonly freezeEpochs?: number
  /** What the second part trains: all, by default, earlier stages more slowly. */
  readonly then?: Omit<Thaw, 'epoch'>
}

/**
 * Fine-tunes a pretrained network in two parts: first its new head, on features that are computed once for each image unless
 * images are augmented; then the rest as well, at a tenth of the head's learning rate and less towards the image. Options
 * are those of `fit`; AdamW at 0.001 with a cosine by default.
 *
 * @throws whatever `fit` throws.
 */
export async function fineTune(model: Model, train: Dataset, options: FineTuneOptions): Promise<FitResult> {
  const { freezeEpochs = 1, epochs, then, ...others } = options
  const second: Thaw = {
    frozen: 'nothing',
    learningRate: 0.1,
    learningRates: { decay: 0.7 },
    ...then,
    epoch: freezeEpochs,
  }
  const steps = freezeEpochs > 0 ? [{ epoch: 0 }, second] : [second]
  const phases = thaw(model, steps)
  const { validation, augment, batchSize, signal } = options
  return fit(model, train, {
    optimizer: adamW({ learningRate: 1e-3, weightDecay: 0.01 }),
    schedule: cosine({ warmup: { epochs: Math.min(1, epochs / 10) } }),
    ...others,
    epochs: freezeEpochs + epochs,
    phases: augment
      ? phases
      : await withCachedFeatures(
          model,
          phases,
          { train, validation },
          { ...(batchSize && { batchSize }), signal },
        ),
  })
}
