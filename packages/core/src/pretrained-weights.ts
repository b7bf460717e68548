import type { Preprocessing } from './preprocessing.js'
import type { Registry, Variant } from './registry.js'
import type { TensorMap } from './tensors.js'

/** Weights with what belongs to them. */
export interface PretrainedWeights {
  /** File, address or name, for messages. */
  readonly source: string
  /** By the names of the model's parameters and statistics. */
  readonly tensors: TensorMap
  /** Names of the classes that they were trained for, where they say so. */
  readonly classes?: readonly string[]
  /** How images were prepared. */
  readonly preprocessing?: Partial<Preprocessing>
  /** Config of the network where it differs from the variant's. */
  readonly config?: object
  /** In words, what of the source could not be had. */
  readonly notes?: readonly string[]
}

/** Finds the weights that a text means: a tag, an address, a file. */
export interface WeightsProvider {
  readonly name: string
  /**
   * Undefined where the text is nothing that it knows.
   *
   * @throws E_WEIGHTS and others when it knows the text, but the weights cannot be had.
   */
  open(
    weights: string,
    variant: Variant,
    context: { readonly registry: Registry; readonly config?: object | undefined },
  ): Promise<PretrainedWeights | undefined>
}
