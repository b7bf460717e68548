export type { Schedule, SchedulePosition } from '@convkit/core'
export {
  type ClassReport,
  type Confusion,
  classificationReport,
  confusionMatrix,
  macroF1,
} from './classification-report.js'
export { type ClipOptions, clipGradients } from './clip-gradients.js'
export { cutTrace, frozenFrontier, joinFrontier } from './cut-trace.js'
export { type EvaluateOptions, evaluate } from './evaluate.js'
export { type EvaluateClassifierOptions, evaluateClassifier } from './evaluate-classifier.js'
export type { EvaluatedBatch, Evaluation } from './evaluation-tally.js'
export { type FitResult, fit } from './fit.js'
export type { FitOptions } from './fit-options.js'
export { type BinaryCrossEntropyOptions, binaryCrossEntropy } from './losses/binary-cross-entropy.js'
export { type CrossEntropyOptions, crossEntropy } from './losses/cross-entropy.js'
export { type Loss, type LossInputs, weightedMean } from './losses/loss.js'
export { meanAveragePrecision } from './mean-average-precision.js'
export { type AdamOptions, adam, adamW } from './optimizers/adam.js'
export type { Optimizer, ParameterStep, ParameterUpdate, WeightDecayOptions } from './optimizers/optimizer.js'
export { type RmspropOptions, rmsprop } from './optimizers/rmsprop.js'
export { type SgdOptions, sgd } from './optimizers/sgd.js'
export type { CachedInputs, TrainingPhase } from './phases.js'
export {
  type CosineOptions,
  constant,
  cosine,
  type MultiStepOptions,
  multiStep,
  type OneCycleOptions,
  oneCycle,
  type PolynomialOptions,
  polynomial,
  type StepOptions,
  step,
  type WarmupOptions,
} from './schedules.js'
export { microF1, subsetAccuracy } from './several-labels.js'
export { topK } from './top-k.js'
export { type TrainingProgram, type TrainingProgramOptions, trainingProgram } from './training-program.js'
export { describeShare, wilsonInterval } from './wilson-interval.js'
