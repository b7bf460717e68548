import type { Preprocessing } from './preprocessing.js'

/** Pretrained weights of a model, and what they are. */
export interface WeightsTag {
  /** `a1_in1k`: timm's name of how and on what they were trained. */
  readonly tag: string
  /** Repository of the Hugging Face hub. */
  readonly hub?: string
  /** Address, of those that are not on the hub. */
  readonly url?: string
  /** SPDX name, such as `apache-2.0`; null where none is published. */
  readonly license: string | null
  readonly classes: number
  /** How images were prepared, where it differs from the model's record. */
  readonly preprocessing?: Partial<Omit<Preprocessing, 'channels'>>
  /** Published accuracy on ImageNet in percent, where there is one. */
  readonly top1?: number
  readonly top5?: number
}
