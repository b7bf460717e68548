import { ConvkitError } from '@convkit/core'

/** What a metric of several labels counts. @throws E_DATASET when the batch has only one label an image. */
export function requireTargets(metric: string, targets: Float32Array | undefined): Float32Array {
  if (targets) return targets
  throw new ConvkitError(
    'E_DATASET',
    `${metric} counts any number of labels an image, and the batch has no targets`,
  )
}
