/** Names of a validation part beside `train`; the first that exists is taken. */
export const validationNames = ['validation', 'val', 'valid', 'test'] as const

export type ValidationName = (typeof validationNames)[number]
export type SplitName = 'train' | ValidationName

const names: ReadonlyMap<string, SplitName> = new Map<string, SplitName>([
  ['train', 'train'],
  ['training', 'train'],
  ...validationNames.map((name) => [name, name] as const),
])

/** The part that a word means, whatever its case. */
export const splitNamed = (word: string): SplitName | undefined => names.get(word.toLowerCase())

/** The part that a path says: `train` in `data/train-00000-of-00004.parquet`, none in `photos-000.tar`. */
export function splitInPath(path: string): SplitName | undefined {
  const words = path.split(/[^\p{L}]+/u)
  return words.map(splitNamed).findLast((name) => name !== undefined)
}
