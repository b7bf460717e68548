import type { Architecture, BlockFunction } from './architecture.js'
import type { Augmentation, BatchMix, ImageTransform, RandomCrop } from './augmentation.js'
import type { DatasetFormat } from './dataset-format.js'
import type { EngineProvider } from './engine.js'
import type { WeightsProvider } from './pretrained-weights.js'
import type { Callback } from './training.js'

/** What a package adds to convkit: plain data, put to use by `register` or `createRegistry`. */
export interface Plugin {
  readonly name: string
  readonly version?: string
  /** Which major version of this interface it was made for; {@link definePlugin} fills it in. */
  readonly api?: number
  /** Plugins whose parts this one uses; they are registered first, and only once. */
  readonly requires?: readonly Plugin[]
  readonly architectures?: readonly AnyArchitecture[]
  readonly blocks?: Readonly<Record<string, BlockFunction>>
  readonly engines?: readonly EngineProvider[]
  /** Callbacks by name, made from options that a config file can hold. */
  readonly callbacks?: Readonly<Record<string, CallbackFactory>>
  /** Ways to crop a training image, by name. */
  readonly crops?: Readonly<Record<string, PartFactory<RandomCrop>>>
  /** Changes of a training image, by name. */
  readonly transforms?: Readonly<Record<string, PartFactory<ImageTransform>>>
  /** Ways to mix a batch, by name. */
  readonly mixes?: Readonly<Record<string, PartFactory<BatchMix>>>
  /** Recipes: augmentations ready for use, by their own names. */
  readonly augmentations?: readonly Augmentation[]
  /** Kinds of data that `openDataset` knows; of several that recognize a path, the last registered one opens it. */
  readonly datasets?: readonly DatasetFormat[]
  /** Where `createModel` finds weights by a text; they are asked in the order in which they were registered. */
  readonly weights?: readonly WeightsProvider[]
}

// biome-ignore lint/suspicious/noExplicitAny: each callback has options of its own
export type CallbackFactory = (options?: any) => Callback

/** Makes a part of an augmentation from options that a config file can hold. @throws E_OPTION for others. */
// biome-ignore lint/suspicious/noExplicitAny: each part has options of its own
export type PartFactory<Part> = (options?: any) => Part

/** A family as a plugin lists it: configs of any shape. */
// biome-ignore lint/suspicious/noExplicitAny: a config is read only by its own build function
export type AnyArchitecture = Architecture<any, string>

/** The major version of {@link Plugin} and of what its parts are called with. */
export const pluginApi = 1

/** Checks a plugin's shape at compile time, and notes which version of the plugin interface it was made for. */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  return { api: pluginApi, ...plugin }
}
