import type { Preprocessing, Variant, WeightsTag } from '@convkit/core'
import table from './tags.json' with { type: 'json' }

/** Pretrained weights of the zoo, with all that their preprocessing is. */
export interface PublishedWeights extends WeightsTag {
  readonly preprocessing: Omit<Preprocessing, 'channels'>
}

interface Row extends Omit<PublishedWeights, 'tag' | 'preprocessing'> {
  readonly [key: string]: unknown
}

/** The pretrained weights that are published for a model of the zoo, its default first. */
export function weightsTags(model: string): readonly PublishedWeights[] {
  const rows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = table
  if (!Object.hasOwn(rows, model)) return []
  return Object.entries(rows[model] ?? {}).map(([tag, row]) => {
    const { inputSize, cropPct, cropMode, interpolation, mean, std, ...others } = row as Row & Preprocessing
    return { tag, ...others, preprocessing: { inputSize, cropPct, cropMode, interpolation, mean, std } }
  })
}

/** The same of any network: the zoo's, then what its own architecture lists. */
export function variantTags({ name, architecture }: Variant): readonly WeightsTag[] {
  return [...weightsTags(name), ...(architecture.weights?.[name] ?? [])]
}
