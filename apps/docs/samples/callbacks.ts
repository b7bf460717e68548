import type { Dataset, Model } from '@convkit/core'

declare const model: Model
declare const train: Dataset
declare const validation: Dataset

// #region use
import {
  averageWeights,
  checkpoint,
  csvLog,
  earlyStopping,
  progress,
  simpleLog,
  terminateOnNaN,
} from '@convkit/callbacks'
import { fit } from '@convkit/train'

await fit(model, train, {
  validation,
  epochs: 30,
  callbacks: [
    progress(),
    simpleLog(),
    earlyStopping({ patience: 5 }),
    averageWeights({ decay: 0.999 }),
    csvLog({ file: 'run/metrics.csv' }),
    checkpoint({ folder: 'run/checkpoints' }),
    terminateOnNaN({ action: 'rollback' }),
  ],
})
// #endregion use

// #region swa
await fit(model, train, {
  epochs: 30,
  callbacks: [averageWeights({ kind: 'stochastic', start: 0.75 })],
})
// #endregion swa
