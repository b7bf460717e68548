import {
  type Callback,
  floatTensor,
  type Logs,
  type TensorMap,
  type TrainingContext,
  type TrainingControl,
  type TrainingSnapshot,
} from '@convkit/core'
import type { Output } from '../shared/terminal.js'

type FakeContext = TrainingContext & { readonly history: Logs[]; weightsNow: number }

/** A run of `epochs` epochs whose weights are one number. */
export function fakeContext(
  options: { epochs?: number; stepsPerEpoch?: number; history?: Logs[] } = {},
): FakeContext {
  const { epochs = 10, stepsPerEpoch = 4, history = [] } = options
  const weights = (value: number): TensorMap => new Map([['w', floatTensor([1], Float32Array.of(value))]])
  const context = {
    epochs,
    stepsPerEpoch,
    history,
    weightsNow: 0,
    control: { stop: false, save: false, evaluate: false } as TrainingControl,
    weights: async () => weights(context.weightsNow),
    async setWeights(given: TensorMap) {
      context.weightsNow = given.get('w')?.data[0] ?? Number.NaN
    },
    snapshot: async (): Promise<TrainingSnapshot> => ({
      model: weights(context.weightsNow),
      optimizer: weights(0),
      progress: {
        epoch: history.length,
        step: 0,
        globalStep: history.length * stepsPerEpoch,
        metrics: {},
        history,
        callbacks: {},
      },
    }),
    async restore({ model }: TrainingSnapshot) {
      await context.setWeights(model)
    },
  } as FakeContext
  return context
}

/** Ends an epoch as the trainer does: hooks, then the save that they asked for, then the history grows. */
export async function endEpoch(
  callbacks: readonly Callback[],
  logs: Logs,
  context: FakeContext,
): Promise<void> {
  for (const callback of callbacks) await callback.onEpochEnd?.(context.history.length, logs, context)
  context.history.push(logs)
  await saveIfAsked(callbacks, context)
}

export async function saveIfAsked(callbacks: readonly Callback[], context: FakeContext): Promise<void> {
  if (!context.control.save) return
  for (const callback of callbacks) await callback.onSave?.(context)
  context.control.save = false
}

/** An output that keeps what is written. */
export function recorder(options: { isTTY?: boolean; columns?: number } = {}): Output & { text: string } {
  const output = {
    ...options,
    text: '',
    write(text: string) {
      output.text += text
    },
  }
  return output
}
