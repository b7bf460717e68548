import { definePlugin } from '@convkit/core'
import { checkpoint } from './checkpoint.js'
import { csvLog } from './csv-log.js'
import { earlyStopping } from './early-stopping.js'
import { progress } from './progress.js'
import { simpleLog } from './simple-log.js'
import { terminateOnNaN } from './terminate-on-nan.js'

export { type CheckpointOptions, checkpoint } from './checkpoint.js'
export { type CsvLogOptions, csvLog } from './csv-log.js'
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.js'
export { type ProgressOptions, progress } from './progress.js'
export { bestEpoch, type MonitorOptions } from './shared/monitor.js'
export { type Environment, type Output, type Terminal, terminalOf } from './shared/terminal.js'
export { type SimpleLogOptions, simpleLog } from './simple-log.js'
export { type TerminateOnNaNOptions, terminateOnNaN } from './terminate-on-nan.js'

/** The callbacks by name, for a registry. */
export default definePlugin({
  name: '@convkit/callbacks',
  callbacks: { checkpoint, csvLog, earlyStopping, progress, simpleLog, terminateOnNaN },
})
