import { type Callback, ConvkitError, type TensorMap, type TrainingContext } from '@convkit/core'

export interface TerminateOnNaNOptions {
  /**
   * What to do when the loss is not finite: `stop`, the default, ends training; `throw` fails it with E_NAN; `rollback`
   * puts the weights of the last epoch's beginning back, then ends training.
   */
  readonly action?: 'stop' | 'throw' | 'rollback'
}

/**
 * Ends training in the step whose loss is NaN or infinite, or after the evaluation whose loss is. `checkpoint` does not
 * write such weights, so its last checkpoint is a finite one.
 */
export function terminateOnNaN({ action = 'stop' }: TerminateOnNaNOptions = {}): Callback {
  let epochNow = 0
  let sound: TensorMap | undefined

  const end = async (problem: string, context: TrainingContext) => {
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
  }

  return {
    name: 'terminateOnNaN',
    async onEpochBegin(epoch, context) {
      epochNow = epoch
      if (action === 'rollback') sound = await context.weights()
    },
    async onBatchEnd(batch, { loss }, context) {
      if (loss === undefined || Number.isFinite(loss)) return
      await end(`the loss is ${loss} at step ${batch + 1} of epoch ${epochNow + 1}`, context)
    },
    async onEvaluateEnd({ val_loss: loss }, context) {
      if (loss === undefined || Number.isFinite(loss)) return
      await end(`the validation loss is ${loss} in epoch ${epochNow + 1}`, context)
    },
  }
}
