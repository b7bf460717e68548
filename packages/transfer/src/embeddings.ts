import type { Dataset, FloatTensor, Model } from '@convkit/core'
import { floatTensor } from '@convkit/core'
import type { FeatureCacheOptions } from './feature-cache.js'
import type { LabelledFeatures } from './linear-probe.js'
import { lastFeatures, sideBySide, stageFeatures } from './stage-features.js'

export interface Embeddings extends LabelledFeatures {
  /** `[images, width]` */
  readonly tensor: FloatTensor
  /** Position of each row's image in the dataset. */
  readonly indices: readonly number[]
}

export interface EmbeddingOptions extends Omit<FeatureCacheOptions, 'memoryBytes'> {
  /** The stages whose pooled outputs are taken, side by side; what the classifier sees by default. */
  readonly stages?: readonly string[]
}

/**
 * The pooled features of a dataset's images: one row an image, those that cannot be read left out.
 *
 * @throws E_OPTION for a stage that the network has not.
 */
export async function embeddings(
  model: Model,
  dataset: Dataset,
  { stages = [lastFeatures], ...options }: EmbeddingOptions = {},
): Promise<Embeddings> {
  const features = await stageFeatures(model, dataset, { ...options, stages })
  const rows = sideBySide(features, stages)
  return {
    ...rows,
    tensor: floatTensor([rows.labels.length, rows.width], rows.data),
    indices: features.indices,
  }
}
