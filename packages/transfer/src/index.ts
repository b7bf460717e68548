export { type CrossValidateOptions, crossValidate, type ProbeScore } from './cross-validate.js'
export { cacheFeatures, type FeatureCacheOptions } from './feature-cache.js'
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
export { lastFeatures, type StageFeatures, sideBySide, stageFeatures } from './stage-features.js'
