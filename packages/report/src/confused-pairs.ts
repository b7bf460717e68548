import type { ValidationData } from './report-data.js'

/** How often images of a class were taken for another one. */
export interface ConfusedPair {
  readonly label: string
  readonly predicted: string
  readonly images: number
  /** Of the class's images. */
  readonly share: number
}

/** The pairs of classes that are confused most often, the most frequent first. */
export function confusedPairs(
  { confusion, classes }: Pick<ValidationData, 'confusion' | 'classes'>,
  count: number,
): ConfusedPair[] {
  const pairs = confusion.flatMap((row, label) => {
    const total = row.reduce((sum, images) => sum + images, 0)
    return row.flatMap((images, predicted) =>
      label === predicted || images === 0
        ? []
        : [
            {
              label: classes[label] as string,
              predicted: classes[predicted] as string,
              images,
              share: images / total,
            },
          ],
    )
  })
  return pairs.sort((a, b) => b.images - a.images || b.share - a.share).slice(0, count)
}
