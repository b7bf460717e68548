export { autoStrategy, chooseStrategy, muchData, type StrategyChoice, someData } from './auto-strategy.js'
export { type CrossValidateOptions, crossValidate, type ProbeScore } from './cross-validate.js'
export { type EmbeddingOptions, type Embeddings, embeddings } from './embeddings.js'
export { cacheFeatures, type FeatureCacheOptions } from './feature-cache.js'
export {
  type FindLearningRateOptions,
  findLearningRate,
  type LearningRateCurve,
  type LearningRatePoint,
} from './find-learning-rate.js'
export { type FineTuneOptions, fineTune } from './fine-tune.js'
export {
  type Freezing,
  freezeBatchNorms,
  freezeBody,
  freezeNamed,
  freezeNothing,
  freezeUpTo,
} from './freeze.js'
export { replaceHead, setHead } from './head.js'
export { decayByDepth, type LearningRates, learningRatesNamed } from './learning-rates.js'
export {
  type LabelledFeatures,
  type LinearProbe,
  type LinearProbeOptions,
  linearProbe,
  linearProbes,
} from './linear-probe.js'
export {
  type FeatureScore,
  type MeasureOptions,
  measureStages,
  type StageMeasures,
} from './measure-stages.js'
export {
  type NeighbourEvaluation,
  type NeighbourOptions,
  nearestNeighbours,
} from './nearest-neighbours.js'
export {
  lastFeatures,
  type StageFeatures,
  type StageFeaturesOptions,
  sideBySide,
  stageFeatures,
} from './stage-features.js'
export {
  featureExtraction,
  featuresFor,
  fineTuneAll,
  fineTuneTop,
  type PreparedStrategy,
  prepare,
  type Strategy,
  type StrategyName,
  type StrategyOptions,
  shallowFeatures,
  strategyNames,
  strategyPhases,
} from './strategies.js'
export { type Thaw, thaw, withCachedFeatures } from './thaw.js'
export { type UnfreezeOptions, unfreeze } from './unfreeze.js'
