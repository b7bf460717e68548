import { ConvkitError, type Dataset, random } from '@convkit/core'
import type { ImageDataset } from './define-dataset.js'
import { subset } from './subset.js'

export interface Split {
  /** Positions in the dataset, ascending. */
  readonly train: readonly number[]
  readonly validation: readonly number[]
}

/**
 * Divides images at random, each class by the same fraction: `round(n · fraction)` of its images go to validation,
 * but a class of two or more keeps at least one on either side, and a single image is for training. What is drawn
 * for a class depends on the seed and the class's name alone.
 *
 * @throws E_OPTION when the fraction is not between 0 and 1.
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  classes: readonly string[],
  fraction: number,
  seed: number,
): Split {
  if (!(fraction > 0 && fraction < 1)) {
    throw new ConvkitError('E_OPTION', `The fraction for validation must be between 0 and 1: ${fraction}`)
  }
  const byClass = classes.map((): number[] => [])
  for (let i = 0; i < labels.length; i++) byClass[labels[i] as number]?.push(i)
  const validation = new Set<number>()
  byClass.forEach((indices, label) => {
    const count = Math.min(indices.length - 1, Math.max(1, Math.round(indices.length * fraction)))
    const order = random(seed, 'split', classes[label] as string).permutation(indices.length)
    for (let i = 0; i < count; i++) validation.add(indices[order[i] as number] as number)
  })
  const all = Array.from({ length: labels.length }, (_, i) => i)
  return { train: all.filter((i) => !validation.has(i)), validation: all.filter((i) => validation.has(i)) }
}

/** The parts of {@link stratifiedSplit} as datasets. */
export function splitDataset(
  dataset: Dataset,
  fraction: number,
  seed: number,
): { readonly train: ImageDataset; readonly validation: ImageDataset } {
  const { train, validation } = stratifiedSplit(dataset.labels, dataset.classes, fraction, seed)
  return { train: subset(dataset, train), validation: subset(dataset, validation) }
}
