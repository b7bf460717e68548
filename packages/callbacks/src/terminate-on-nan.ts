import { type Callback, ConvkitError, type TrainingContext, type TrainingSnapshot } from '@convkit/core'

export interface TerminateOnNaNOptions {
  /**
   * What to do when the loss is not finite: `stop`, the default, ends training; `throw` fails it with E_NAN; `rollback`
   * goes back to the epoch's beginning and on with a lower learning rate.
   */
  readonly action?: 'stop' | 'throw' | 'rollback'
  /** What a rollback multiplies the learning rate by, for all steps after it; 0.1 by default. */
  readonly factor?: number
  /** Rollbacks of one training; the next time, it stops with the weights of the epoch's beginning. 3 by default. */
  readonly limit?: number
  /** Called after a rollback with what happened. */
  readonly onRollback?: (problem: string) => void
}

/**
 * Ends training in the step whose loss is NaN or infinite, or after the evaluation whose loss is, or has it go back to the
 * epoch's beginning: its weights, optimizer state and images. `checkpoint` does not write such weights, so its last
 * checkpoint is a finite one.
 *
 * @throws E_OPTION when `factor` is not in (0, 1) or `limit` is not from 0 on; E_NAN, with `throw`.
 */
export function terminateOnNaN(options: TerminateOnNaNOptions = {}): Callback {
  const { action = 'stop', factor = 0.1, limit = 3, onRollback } = options
  if (!(factor > 0 && factor < 1) || !(Number.isInteger(limit) && limit >= 0)) {
    throw new ConvkitError(
      'E_OPTION',
      `terminateOnNaN: factor must be in (0, 1) and limit a whole number from 0 on, got ${factor} and ${limit}`,
    )
  }
  let epochNow = 0
  let sound: TrainingSnapshot | undefined
  let rollbacks = 0

  const act = async (problem: string, context: TrainingContext) => {
    const { control } = context
    control.save = false
    if (action === 'throw')
      throw new ConvkitError(
        'E_NAN',
        `Training failed: ${problem}; lower the learning rate or clip the gradient's norm`,
      )
    if (!sound) {
      control.stop = problem
      return
    }
    await context.restore(sound)
    if (rollbacks === limit) {
      control.stop = `${problem} after ${limit} rollbacks; the weights of the epoch's beginning are back`
      return
    }
    rollbacks++
    onRollback?.(`${problem}; back to the epoch's beginning with the learning rate times ${factor}`)
  }

  return {
    name: 'terminateOnNaN',
    learningRateFactor: () => factor ** rollbacks,
    async onEpochBegin(epoch, context) {
      epochNow = epoch
      if (action === 'rollback') sound = await context.snapshot()
    },
    async onBatchEnd(batch, { loss, batchLoss = loss }, context) {
      if (batchLoss === undefined || Number.isFinite(batchLoss)) return
      await act(`the loss is ${batchLoss} at step ${batch + 1} of epoch ${epochNow + 1}`, context)
    },
    async onEvaluateEnd({ val_loss: loss }, context) {
      if (loss === undefined || Number.isFinite(loss)) return
      await act(`the validation loss is ${loss} in epoch ${epochNow + 1}`, context)
    },
    save: () => ({ rollbacks }),
    restore(state) {
      if (isSaved(state)) rollbacks = state.rollbacks
    },
  }
}

function isSaved(state: unknown): state is { readonly rollbacks: number } {
  return (
    typeof state === 'object' && state !== null && 'rollbacks' in state && Number.isInteger(state.rollbacks)
  )
}
