import { ConvkitError, type Dataset, type Model, type Stage, stagesOf } from '@convkit/core'
import { stratifiedSplit, subset } from '@convkit/data'
import { crossValidate, type ProbeScore } from './cross-validate.js'
import { lastFeatures, type StageFeatures, sideBySide, stageFeatures } from './stage-features.js'

/** How good features are: those of stages side by side, or what the network's own classifier sees. */
export interface FeatureScore extends ProbeScore {
  /** Names of stages, from the image on; `['last']` for the network's own pooled features. */
  readonly stages: readonly string[]
  /** Numbers in a feature vector. */
  readonly width: number
}

export interface StageMeasures {
  readonly images: number
  readonly imagesPerClass: number
  /** From the image on: each stage, then the last features, then stages side by side. */
  readonly scores: readonly FeatureScore[]
  readonly features: StageFeatures
}

export interface MeasureOptions {
  readonly batchSize?: number
  /** Images that are measured at most, of all classes together; 2,000 by default. */
  readonly limit?: number
  readonly seed?: number
  /** Probes learn from the images' mirror images too; false by default. */
  readonly mirror?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/**
 * Measures what a network knows about images already: a linear probe on each stage, by cross-validation on the training images
 * alone. Each image runs through the network once, and once more as its mirror image where that is asked for.
 *
 * @throws E_DATASET where images have any number of labels.
 */
export async function measureStages(
  model: Model,
  train: Dataset,
  { seed = 0, limit = 2000, ...options }: MeasureOptions = {},
): Promise<StageMeasures> {
  if (train.targets) {
    throw new ConvkitError(
      'E_DATASET',
      'The images have any number of labels each, and a linear probe tells one class apart from others; use fineTune with binaryCrossEntropy',
    )
  }
  const features = await stageFeatures(model, some(train, limit, seed), options)
  const stages = stagesOf(model).map((stage: Stage) => stage.name)
  const candidates = [...stages.map((stage) => [stage]), [lastFeatures], ...prefixes(stages)]
  const scores: FeatureScore[] = []
  for (const names of candidates) {
    const own = sideBySide(features, names)
    const mirrored = features.mirrored && sideBySide(features.mirrored, names)
    const score = await crossValidate(model.engine, own, { classes: train.classes.length, seed, mirrored })
    scores.push({ stages: names, width: own.width, ...score })
  }
  const images = train.length
  return { images, imagesPerClass: images / train.classes.length, scores, features }
}

/** All stages up to each one from the third on. */
function prefixes(stages: readonly string[]): string[][] {
  return stages.slice(2).map((_, at) => stages.slice(0, at + 3))
}

/** The dataset, or as many images of it, of each class the same share. */
function some(dataset: Dataset, limit: number, seed: number): Dataset {
  if (dataset.length <= limit) return dataset
  const { validation } = stratifiedSplit(dataset.labels, dataset.classes, limit / dataset.length, seed)
  return subset(dataset, validation)
}
