import type { Callback } from '@convkit/core'

/** A callback made of functions: `lambda({ onEpochEnd: (epoch, logs) => send(logs) })`; each has a name of its own. */
export function lambda(hooks: Partial<Callback>): Callback {
  return { name: 'lambda', ...hooks }
}
