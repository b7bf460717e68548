export {
  ConvkitError,
  type ErrorCode,
  type Shape,
  type SymbolicTensor,
  type TensorData,
} from '@convkit/graph'
export { type AdaptedWeights, type AdaptWeightsOptions, adaptWeights } from './adapt-weights.js'
export {
  type Architecture,
  type ArchitectureDefinition,
  type BlockFunction,
  type BlockOptions,
  type ConfigsOf,
  defineArchitecture,
  type ModelConfigs,
  type ModelName,
} from './architecture.js'
export {
  type ArchitectureData,
  architectureFromData,
  architectureSchema,
  type BlockLayer,
  type LayerData,
  type ParallelLayer,
} from './architecture-data.js'
export { augmentedInput, cropFor, cropPixels, mixBatch, transformImage } from './augment.js'
export type {
  Augmentation,
  AugmentOptions,
  BatchMix,
  Crop,
  ImageExtent,
  ImageTransform,
  MixedLabels,
  RandomCrop,
} from './augmentation.js'
export { type Average, averageProbabilities } from './average.js'
export { type Blend, blendInTurn, turnHue } from './blend.js'
export type { CamMethod } from './cam.js'
export { checkedSession, signatureOf, unnamedInput } from './checked-session.js'
export type {
  Batch,
  BatchOptions,
  Dataset,
  Sample,
  UnreadableImage,
} from './dataset.js'
export {
  type DatasetFormat,
  type DatasetFormatOptions,
  type DatasetParts,
  defineDatasetFormat,
} from './dataset-format.js'
export {
  type EffectiveReceptiveField,
  type EffectiveReceptiveFieldOptions,
  effectiveReceptiveField,
  squareThatHolds,
} from './effective-receptive-field.js'
export {
  type Device,
  type Engine,
  type EngineOptions,
  type EngineProvider,
  type EnginePurpose,
  type Feeds,
  type Precision,
  type Session,
  selectEngine,
} from './engine.js'
export { type Classifier, type Ensemble, type EnsembleOptions, ensemble } from './ensemble.js'
export {
  type Embedder,
  embedder,
  type FeatureExtractor,
  type FeatureExtractorOptions,
  featureExtractor,
  type Stage,
  stagesOf,
} from './feature-extractor.js'
export { type FloatFormat, floatBytes, isFloatFormat, readFloats } from './float-formats.js'
export {
  type FullyConvolutional,
  type FullyConvolutionalOptions,
  type ScoreMap,
  toFullyConvolutional,
} from './fully-convolutional.js'
export { camLayers, createGradCam, type GradCam, type GradCamOptions, gradCam } from './grad-cam.js'
export type { HeadOptions } from './head.js'
export {
  constantValue,
  glorotUniform,
  heNormal,
  type Initializer,
  normal,
  ones,
  torchDefault,
  truncatedNormal,
  uniform,
  zeros,
} from './initializers.js'
export { mirror } from './mirror.js'
export {
  type CreateModelOptions,
  createModel,
  createVariant,
  type Model,
  type Prediction,
  type PredictOptions,
  topClasses,
} from './model.js'
export { defaultClasses, resolvePreprocessing } from './model-options.js'
export { type ModelDescription, modelRecord, parseModelRecord } from './model-record.js'
export { nearest } from './nearest.js'
export { neighbours } from './neighbours.js'
export {
  type AnyArchitecture,
  type CallbackFactory,
  definePlugin,
  type PartFactory,
  type Plugin,
  pluginApi,
} from './plugin.js'
export { type Inference, inputPredictor, type Predictor } from './predictor.js'
export {
  imagenetMean,
  imagenetPreprocessing,
  imagenetStd,
  type Pixels,
  type Preprocessing,
} from './preprocessing.js'
export type { PretrainedWeights, WeightsProvider } from './pretrained-weights.js'
export { type RandomStream, random } from './random.js'
export {
  configOf,
  createRegistry,
  defaultRegistry,
  modelName,
  type Registry,
  register,
  type Variant,
} from './registry.js'
export { centerCrop, cropOffset, preprocess, resize, scaledSize, toChannels } from './resample.js'
export { type Region, resizeRegion } from './resize-region.js'
export { decodeSafetensors, encodeSafetensors } from './safetensors.js'
export type { AuxiliaryHead, Mode, Scope, StateEntry } from './scope.js'
export { type FloatTensor, floatTensor, type TensorMap } from './tensors.js'
export { initialWeights, type Trace, type TraceOptions, trace } from './trace.js'
export { type TraceVariantOptions, traceVariant } from './trace-variant.js'
export type {
  Callback,
  EvaluatedImages,
  FreezingPhase,
  Logs,
  Metric,
  MetricAccumulator,
  Schedule,
  SchedulePosition,
  TrainingContext,
  TrainingControl,
  TrainingProgress,
  TrainingSnapshot,
  WeightAveraging,
} from './training.js'
export { unknownStage } from './unknown-stage.js'
export type { WeightsTag } from './weights-tag.js'
