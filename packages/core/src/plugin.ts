import type { Architecture, BlockFunction } from './architecture.js'
import type { EngineProvider } from './engine.js'
import type { WeightsProvider } from './pretrained-weights.js'
import type { Callback } from './training.js'

/** What a package adds to convkit: plain data, put to use by `register` or `createRegistry`. */
export interface Plugin {
  readonly name: string
  readonly version?: string
  /** Plugins whose parts this one uses; they are registered first, and only once. */
  readonly requires?: readonly Plugin[]
  readonly architectures?: readonly AnyArchitecture[]
  readonly blocks?: Readonly<Record<string, BlockFunction>>
  readonly engines?: readonly EngineProvider[]
  /** Callbacks by name, made from options that a config file can hold. */
  readonly callbacks?: Readonly<Record<string, CallbackFactory>>
  /** Where `createModel` finds weights by a text; they are asked in the order in which they were registered. */
  readonly weights?: readonly WeightsProvider[]
}

// biome-ignore lint/suspicious/noExplicitAny: each callback has options of its own
export type CallbackFactory = (options?: any) => Callback

/** A family as a plugin lists it: configs of any shape. */
// biome-ignore lint/suspicious/noExplicitAny: a config is read only by its own build function
export type AnyArchitecture = Architecture<any, string>

/** Checks a plugin's shape at compile time and returns it unchanged. */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  return plugin
}
