import type { Callback } from '@convkit/core'
import { type Thaw, thaw } from './thaw.js'

export interface UnfreezeOptions {
  /** What is frozen, and how fast the rest learns, from which epoch on; one begins at epoch 0. */
  readonly steps: readonly Thaw[]
}

/**
 * Thaws a network step by step, as a callback: `unfreeze({ steps: [{ epoch: 0 }, { epoch: 3, frozen: { upTo: 'layer2' },
 * learningRates: { decay: 0.5 } }] })` trains the head alone, and from the fourth epoch on what comes after `layer2` too, earlier
 * stages more slowly. `fit` throws E_OPTION for stages or layers that the network has not.
 */
export function unfreeze({ steps }: UnfreezeOptions): Callback {
  return { name: 'unfreeze', phases: (model) => thaw(model, steps) }
}
