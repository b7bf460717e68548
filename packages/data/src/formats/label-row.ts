import { ConvkitError } from '@convkit/core'

/** One image as a label file has it. */
export interface LabelRow {
  /** From 1, where the row ends. */
  readonly line: number
  /** As it is written. */
  readonly path: string
  readonly labels: readonly string[]
  readonly split?: string | undefined
  readonly weight?: number | undefined
}

/** Which column holds what, where it is none of the usual names. */
export interface LabelColumns {
  readonly path?: string | undefined
  readonly label?: string | undefined
  readonly split?: string | undefined
  readonly weight?: string | undefined
}

export type LabelColumn = keyof LabelColumns

/** What columns are called; the first name that a file has is taken. */
export const usualNames: Readonly<Record<LabelColumn, readonly string[]>> = {
  path: ['path', 'file_name', 'filename', 'file', 'image'],
  label: ['label', 'labels', 'class'],
  split: ['split'],
  weight: ['weight'],
}

/** An error that names file and line. */
export const rowError = (file: string, line: number, problem: string, cause?: unknown) =>
  new ConvkitError('E_LABELS', `${file}, line ${line}: ${problem}`, { cause })

/**
 * The name under which each column is among `names`; undefined where it need not be there and is not.
 *
 * @throws E_LABELS when one that was asked for, or the path or label, is missing.
 */
export function findColumns(
  names: readonly string[],
  wanted: LabelColumns,
  fail: (problem: string) => ConvkitError,
): Readonly<Record<LabelColumn, string | undefined>> {
  const find = (column: LabelColumn, isNeeded: boolean) => {
    const asked = wanted[column]
    const name = asked === undefined ? usualNames[column].find((usual) => names.includes(usual)) : asked
    if (name !== undefined && names.includes(name)) return name
    if (asked === undefined && !isNeeded) return undefined
    const missing = asked ?? usualNames[column].join(' or ')
    throw fail(
      `there is no column ${missing} for the ${column}, only ${names.join(', ')}; name it with columns: { ${column}: … }`,
    )
  }
  return {
    path: find('path', true),
    label: find('label', true),
    split: find('split', false),
    weight: find('weight', false),
  }
}

/** A weight as it is written. @throws `fail` when it is not a positive number. */
export function weightOf(
  written: string | number,
  fail: (problem: string) => ConvkitError,
): number | undefined {
  const weight = typeof written === 'string' && written.trim() === '' ? Number.NaN : Number(written)
  if (weight > 0 && Number.isFinite(weight)) return weight
  throw fail(`the weight ${JSON.stringify(written)} is not a positive number`)
}
