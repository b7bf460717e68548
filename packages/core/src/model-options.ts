import { ConvkitError } from '@convkit/graph'
import { imagenetPreprocessing, type Preprocessing } from './preprocessing.js'
import type { Variant } from './registry.js'

/** What a variant classifies when nothing else is asked for: ImageNet. */
const imagenetClasses = 1000

/** Outputs of a variant that is made without classes. */
export function defaultClasses({ architecture }: Pick<Variant, 'architecture'>): number {
  return architecture.classes ?? imagenetClasses
}

/** Names of classes from names or a number of them; a class without a name is called by its index. */
export function classNames(classes: readonly string[] | number): readonly string[] {
  const names =
    typeof classes === 'number' ? Array.from({ length: classes }, (_, index) => String(index)) : classes
  if (names.length === 0)
    throw new ConvkitError(
      'E_OPTION',
      'A model needs at least one class, got none; pass their names or their number',
    )
  return names
}

/** The variant's record with the values asked for. @throws E_OPTION when a value is out of range. */
export function resolvePreprocessing(
  { name, architecture }: Variant,
  overrides: Partial<Preprocessing> = {},
): Preprocessing {
  const own = { ...architecture.preprocessing, ...architecture.variantPreprocessing?.[name] }
  const { channels = own.channels ?? 3 } = overrides
  const resolved = { ...imagenetPreprocessing, ...own, ...overrides }
  // Another number of channels than the record's: statistics are averaged, as for a grey copy of the same images.
  const perChannel = (values: readonly number[]) =>
    values.length === channels
      ? values
      : Array.from({ length: channels }, () => values.reduce((a, b) => a + b, 0) / values.length)
  const record = { ...resolved, channels, mean: perChannel(resolved.mean), std: perChannel(resolved.std) }
  const problem = problemOf(record)
  if (problem) throw new ConvkitError('E_OPTION', `preprocessing of ${name}: ${problem}`)
  return record
}

function problemOf({ inputSize, cropPct, std }: Preprocessing): string | undefined {
  if (!inputSize.every((size) => Number.isInteger(size) && size > 0)) {
    return `inputSize must be two positive whole numbers, got ${JSON.stringify(inputSize)}`
  }
  if (!(cropPct > 0 && cropPct <= 1)) return `cropPct must be in (0, 1], got ${cropPct}`
  if (std.some((value) => !(value > 0))) return `std must be positive, got ${JSON.stringify(std)}`
  return undefined
}
