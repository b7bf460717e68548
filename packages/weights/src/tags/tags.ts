import type { Preprocessing } from '@convkit/core'
import table from './tags.json' with { type: 'json' }

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
  readonly preprocessing: Omit<Preprocessing, 'channels'>
  /** Published accuracy on ImageNet in percent, where there is one. */
  readonly top1?: number
  readonly top5?: number
}

interface Row extends Omit<WeightsTag, 'tag' | 'preprocessing'> {
  readonly [key: string]: unknown
}

/** The pretrained weights that are published for a model, its default first. */
export function weightsTags(model: string): readonly WeightsTag[] {
  const rows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = table
  if (!Object.hasOwn(rows, model)) return []
  return Object.entries(rows[model] ?? {}).map(([tag, row]) => {
    const { inputSize, cropPct, cropMode, interpolation, mean, std, ...others } = row as Row & Preprocessing
    return { tag, ...others, preprocessing: { inputSize, cropPct, cropMode, interpolation, mean, std } }
  })
}
