import type { SymbolicTensor } from '@convkit/graph'
import type { ArchitectureData } from './architecture-data.js'
import type { HeadOptions } from './head.js'
import type { Preprocessing } from './preprocessing.js'
import type { Scope } from './scope.js'
import type { WeightsTag } from './weights-tag.js'

/**
 * Model names and their configs. Empty here; a package adds its own by declaration merging:
 * `declare module '@convkit/core' { interface ModelConfigs extends ConfigsOf<typeof resnet> {} }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface ModelConfigs {}

/** A name that `createModel` takes. */
export type ModelName = Extract<keyof ModelConfigs, string>

/** `{ resnet18: ResNetConfig, … }`, from a family's definition. */
export type ConfigsOf<A> = A extends Architecture<infer Config, infer Name> ? Record<Name, Config> : never

/** What an architecture's author writes. */
export interface ArchitectureDefinition<Config extends object, Name extends string> {
  /** The family: `resnet`. */
  readonly name: string
  /** Model names with the values that make each one. */
  readonly variants: Readonly<Record<Name, Config>>
  /** Input size, mean, std and so on, where they differ from ImageNet's defaults. */
  readonly preprocessing?: Partial<Preprocessing>
  /** The same for single variants. */
  readonly variantPreprocessing?: Readonly<Partial<Record<Name, Partial<Preprocessing>>>>
  /** Classes of a model that is made without any; ImageNet's 1,000 by default. */
  readonly classes?: number
  /** Published weights of variants, a default first, where `@convkit/weights` has no table of them. */
  readonly weights?: Readonly<Partial<Record<Name, readonly WeightsTag[]>>>
  /** Paper or reference implementation, for listings. */
  readonly source?: string
  /** Path of the classifier's layer (`fc`), whose shape depends on the number of classes. */
  readonly classifier: string
  /** Path of the first convolution (`conv1`), whose shape depends on the input's channels. */
  readonly firstConvolution?: string
  /**
   * The network: a normalised image `[n, h, w, c]` → logits `[n, classes]`. It calls `net.feature` at the end of
   * each stage.
   */
  build(net: Scope, image: SymbolicTensor, config: Config): SymbolicTensor
}

/** A family of networks in a plugin. */
export interface Architecture<Config extends object = object, Name extends string = string>
  extends ArchitectureDefinition<Config, Name> {
  readonly kind: 'architecture'
  /** The classifier that it has in place of its own. */
  readonly head?: HeadOptions
  /** What it was made from, where that was data: saved models keep it, for nobody has registered it. */
  readonly data?: ArchitectureData
}

/** Declares a family; the result is plain data for `definePlugin`. */
export function defineArchitecture<Config extends object, const Name extends string>(
  definition: ArchitectureDefinition<Config, Name>,
): Architecture<Config, Name> {
  return { kind: 'architecture', ...definition }
}

/** Options of a block: plain data, so that a config file can hold them. */
export type BlockOptions = Readonly<Record<string, unknown>>

/** A layer or building block: `[n, h, w, c]` → `[n, h', w', c']`. */
// biome-ignore lint/suspicious/noExplicitAny: each block has options of its own
export type BlockFunction<Options = any> = (net: Scope, x: SymbolicTensor, options: Options) => SymbolicTensor
