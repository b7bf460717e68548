// #region own
import type { Callback } from '@convkit/core'

/** Stops when the loss of an epoch is small enough. */
export function goodEnough(loss: number): Callback {
  return {
    name: 'goodEnough',
    onEpochEnd(epoch, logs, { control }) {
      if ((logs.loss ?? Number.POSITIVE_INFINITY) < loss)
        control.stop = `good enough after epoch ${epoch + 1}`
    },
  }
}
// #endregion own
