import type { Dataset, Metric } from '@convkit/core'
import { binaryCrossEntropy } from './losses/binary-cross-entropy.js'
import { crossEntropy } from './losses/cross-entropy.js'
import { meanAveragePrecision } from './mean-average-precision.js'
import { microF1, subsetAccuracy } from './several-labels.js'
import { topK } from './top-k.js'

/** The loss and metrics of images with one label each, or with any number of them. */
export function defaultMeasures({ targets }: Dataset) {
  return targets
    ? { loss: binaryCrossEntropy(), metrics: [subsetAccuracy(), microF1()] }
    : { loss: crossEntropy(), metrics: [topK(1), topK(5)] }
}

/** Those metrics, and what is only worth its sorting where images are seen once. */
export function evaluationMetrics(dataset: Dataset): readonly Metric[] {
  const { metrics } = defaultMeasures(dataset)
  return dataset.targets ? [...metrics, meanAveragePrecision()] : metrics
}
