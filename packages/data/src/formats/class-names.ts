import { byCodePoint } from './list-images.js'

/** Classes, and which of them a label names; undefined where none is. */
export interface ClassNames {
  readonly classes: readonly string[]
  indexOf(label: string): number | undefined
}

const isWholeNumber = (label: string) => /^\d+$/.test(label)

/**
 * The classes of labels: those `given`, which labels name or number from 0, or else the labels themselves, in numeric
 * order where all are whole numbers and in code-point order where not.
 */
export function classNames(labels: Iterable<string>, given?: readonly string[]): ClassNames {
  const classes = given ?? sorted([...new Set(labels)])
  const byName = new Map(classes.map((name, index) => [name, index]))
  const byNumber = (label: string) =>
    given && isWholeNumber(label) && Number(label) < given.length ? Number(label) : undefined
  return { classes, indexOf: (label) => byName.get(label) ?? byNumber(label) }
}

function sorted(labels: string[]): string[] {
  return labels.sort(labels.every(isWholeNumber) ? (a, b) => Number(a) - Number(b) : byCodePoint)
}
