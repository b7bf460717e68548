import { definePlugin } from '@convkit/core'
import { averageWeights } from './average-weights.js'
import { checkpoint } from './checkpoint.js'
import { confusion } from './confusion.js'
import { csvLog } from './csv-log.js'
import { earlyStopping } from './early-stopping.js'
import { jsonLog } from './json-log.js'
import { progress } from './progress.js'
import { reduceLrOnPlateau } from './reduce-lr-on-plateau.js'
import { simpleLog } from './simple-log.js'
import { tensorboard } from './tensorboard.js'
import { terminateOnNaN } from './terminate-on-nan.js'
import { timer } from './timer.js'
import { topLosses } from './top-losses.js'

export { type AverageWeightsOptions, averageWeights } from './average-weights.js'
export { type CheckpointOptions, checkpoint } from './checkpoint.js'
export { type ConfusionResult, confusion } from './confusion.js'
export { type CsvLogOptions, csvLog } from './csv-log.js'
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.js'
export { type JsonLogOptions, jsonLog } from './json-log.js'
export { lambda } from './lambda.js'
export { type LearningRateOptions, learningRate } from './learning-rate.js'
export { type ProgressOptions, progress } from './progress.js'
export { type ReduceLrOnPlateauOptions, reduceLrOnPlateau } from './reduce-lr-on-plateau.js'
export type { BestEvaluationOptions } from './shared/best-evaluation.js'
export { type ImageAnswer, imageAnswers } from './shared/image-answers.js'
export { bestEpoch, type MonitorOptions } from './shared/monitor.js'
export { type Environment, type Output, type Terminal, terminalOf } from './shared/terminal.js'
export { type SimpleLogOptions, simpleLog } from './simple-log.js'
export { type TensorboardOptions, tensorboard } from './tensorboard.js'
export { type TerminateOnNaNOptions, terminateOnNaN } from './terminate-on-nan.js'
export { type Timer, type TimerOptions, type TrainingTimes, timer } from './timer.js'
export { largestLosses, type TopLossesOptions, type TopLossesResult, topLosses } from './top-losses.js'

/** The callbacks by name, for a registry: those whose options a config file can hold. */
export default definePlugin({
  name: '@convkit/callbacks',
  callbacks: {
    averageWeights,
    checkpoint,
    confusion,
    csvLog,
    earlyStopping,
    jsonLog,
    progress,
    reduceLrOnPlateau,
    simpleLog,
    tensorboard,
    terminateOnNaN,
    timer,
    topLosses,
  },
})
