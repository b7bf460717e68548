import { type Callback, ConvkitError, type TensorMap } from '@convkit/core'

export interface TerminateOnNaNOptions {
  /**
   * What to do when the loss is not finite: `stop`, the default, ends training; `throw` fails it with E_NAN; `rollback`
   * puts the weights of the last epoch's beginning back, then ends training.
   */
  readonly action?: 'stop' | 'throw' | 'rollback'
}

/** Ends training when the loss becomes NaN or infinite. After `checkpoint` in the list, it keeps such weights off the disk. */
export function terminateOnNaN({ action = 'stop' }: TerminateOnNaNOptions = {}): Callback {
  let epochNow = 0
  let sound: TensorMap | undefined

  return {
    name: 'terminateOnNaN',
    async onEpochBegin(epoch, context) {
      epochNow = epoch
      if (action === 'rollback') sound = await context.weights()
    },
    async onBatchEnd(batch, { loss }, context) {
      if (loss === undefined || Number.isFinite(loss)) return
      const problem = `the loss is ${loss} at step ${batch + 1} of epoch ${epochNow + 1}`
      if (action === 'throw')
        throw new ConvkitError(
          'E_NAN',
          `Training failed: ${problem}; lower the learning rate or clip the gradient's norm`,
        )
      context.control.stop = problem
      context.control.save = false
      if (action !== 'rollback' || !sound) return
      await context.setWeights(sound)
      context.control.stop = `${problem}; the weights of the epoch's beginning are back`
    },
  }
}
