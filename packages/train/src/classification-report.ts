import { ConvkitError } from '@convkit/core'

/** How well one class is told. */
export interface ClassReport {
  readonly label: string
  /** Share of the images taken for this class that are of it; 0 where none was. */
  readonly precision: number
  /** Share of the images of this class that were taken for it; 0 where there are none. */
  readonly recall: number
  /** Harmonic mean of both. */
  readonly f1: number
  /** Images of this class. */
  readonly images: number
}

/** Counts of predictions: `confusion[label][prediction]`. */
export type Confusion = readonly (readonly number[])[]

/**
 * Counts how often each label was taken for each class: rows are labels, columns predictions.
 *
 * @throws E_OPTION when there are not as many predictions as labels, or one is not a class.
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  if (labels.length !== predictions.length) {
    throw new ConvkitError(
      'E_OPTION',
      `confusionMatrix: ${labels.length} labels and ${predictions.length} predictions; each image needs both`,
    )
  }
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < labels.length; i++) {
    const row = matrix[labels[i] as number]
    const column = predictions[i] as number
    if (row?.[column] === undefined) {
      throw new ConvkitError(
        'E_OPTION',
        `confusionMatrix: label ${labels[i]} and prediction ${column} at ${i} must be from 0 to ${classes - 1}`,
      )
    }
    row[column]++
  }
  return matrix
}

/** Precision, recall and F1 of each class, in the order of `classes`. */
export function classificationReport(confusion: Confusion, classes: readonly string[]): ClassReport[] {
  return classes.map((label, index) =>
    reportOf(label, {
      images: total(confusion[index] ?? []),
      predicted: total(confusion.map((row) => row[index] ?? 0)),
      correct: confusion[index]?.[index] ?? 0,
    }),
  )
}

/** How many images are of a class, were taken for it, and both. */
export interface Hits {
  images: number
  predicted: number
  correct: number
}

export function reportOf(label: string, { images, predicted, correct }: Readonly<Hits>): ClassReport {
  return {
    label,
    precision: share(correct, predicted),
    recall: share(correct, images),
    f1: share(2 * correct, images + predicted),
    images,
  }
}

/** Mean F1 of the classes that have images or were predicted, each counting alike, as in scikit-learn. */
export function macroF1(confusion: Confusion): number {
  const names = confusion.map((_, index) => String(index))
  const seen = classificationReport(confusion, names).filter(
    ({ images }, index) => images > 0 || confusion.some((row) => (row[index] ?? 0) > 0),
  )
  return share(total(seen.map(({ f1 }) => f1)), seen.length)
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
