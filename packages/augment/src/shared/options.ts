import { ConvkitError, nearest } from '@convkit/core'

/** How an option is read: what it must be, and what it is when it is not given. */
export interface Field<T> {
  readonly fallback: T
  /** Goes on from `must be`. */
  readonly wanted: string
  readonly isValid: (value: unknown) => boolean
}

export type Fields<T extends object> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> }

/** Options with nothing left open. @throws E_OPTION for a value that does not fit or a name that is not known. */
export function readOptions<T extends object>(
  owner: string,
  fields: Fields<T>,
  options: Partial<T> = {},
): Required<T> {
  const known = Object.keys(fields) as (keyof T & string)[]
  const unknown = Object.keys(options).find((key) => !(key in fields))
  if (unknown !== undefined) {
    throw new ConvkitError(
      'E_OPTION',
      `${owner} has no option '${unknown}' (nearest: ${nearest(unknown, known).join(', ')}; all of them: ${known.join(', ')})`,
    )
  }
  const entries = known.map((key) => {
    const { fallback, wanted, isValid } = fields[key]
    const value = options[key] ?? fallback
    if (isValid(value)) return [key, value]
    throw new ConvkitError('E_OPTION', `${key} of ${owner} must be ${wanted}, got ${JSON.stringify(value)}`)
  })
  return Object.fromEntries(entries) as Required<T>
}

const isBetween = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most

function isPair(value: unknown, least: number, most: number): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [low, high]: unknown[] = value
  return isBetween(low, least, most) && isBetween(high, low, most)
}

/** A finite number. */
export function number(fallback: number, least: number, most = Number.MAX_VALUE): Field<number> {
  const wanted =
    most === Number.MAX_VALUE ? `a number of at least ${least}` : `a number from ${least} to ${most}`
  return { fallback, wanted, isValid: (value) => isBetween(value, least, most) }
}

export const probability = (fallback: number): Field<number> => number(fallback, 0, 1)

export function whole(fallback: number, least: number, most = Number.MAX_SAFE_INTEGER): Field<number> {
  const wanted =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`
  return { fallback, wanted, isValid: (value) => isBetween(value, least, most) && Number.isInteger(value) }
}

/** The lowest and the highest value of what is drawn. */
export type Range = readonly [low: number, high: number]

export function range(fallback: Range, least: number, most = Number.MAX_VALUE): Field<Range> {
  const limits = most === Number.MAX_VALUE ? `of at least ${least}` : `from ${least} to ${most}`
  return {
    fallback,
    wanted: `two numbers ${limits}, the lower one first`,
    isValid: (value) => isPair(value, least, most),
  }
}

/** A number, or the range to draw it from. */
export function numberOrRange(
  fallback: number | Range,
  least: number,
  most = Number.MAX_VALUE,
): Field<number | Range> {
  const limits = most === Number.MAX_VALUE ? `of at least ${least}` : `from ${least} to ${most}`
  return {
    fallback,
    wanted: `a number ${limits}, or two with the lower one first`,
    isValid: (value) => isBetween(value, least, most) || isPair(value, least, most),
  }
}

export function choice<const T extends string>(fallback: T, choices: readonly T[]): Field<T> {
  return {
    fallback,
    wanted: `one of ${choices.join(', ')}`,
    isValid: (value) => choices.includes(value as T),
  }
}

export function flag(fallback: boolean): Field<boolean> {
  return { fallback, wanted: 'true or false', isValid: (value) => typeof value === 'boolean' }
}

/** What pixels without a source become: one value, or a value a channel. */
export type Fill = number | readonly number[]

export function fillColor(fallback: Fill): Field<Fill> {
  return {
    fallback,
    wanted: 'a number from 0 to 255, or three of them',
    isValid: (value) =>
      isBetween(value, 0, 255) ||
      (Array.isArray(value) && value.length === 3 && value.every((channel) => isBetween(channel, 0, 255))),
  }
}
