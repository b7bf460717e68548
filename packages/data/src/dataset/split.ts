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

/**
 * Divides images into `folds` parts of nearly the same number of each class's images, and gives for each the split that
 * validates on it and trains on the others: so every image is validated on once. What is drawn for a class depends on
 * the seed and the class's name alone.
 *
 * @throws E_OPTION unless there are from 2 folds to as many as images.
 */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  classes: readonly string[],
  folds: number,
  seed: number,
): Split[] {
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= labels.length))
    throw new ConvkitError(
      'E_OPTION',
      `folds must be a whole number from 2 to ${labels.length}, got ${folds}`,
    )
  const foldOf = new Uint32Array(labels.length)
  let next = 0
  classes.forEach((name, label) => {
    const indices = Array.from({ length: labels.length }, (_, i) => i).filter((i) => labels[i] === label)
    // Going on where the last class ended keeps the folds themselves of one size.
    for (const position of random(seed, 'folds', name).permutation(indices.length))
      foldOf[indices[position] as number] = next++ % folds
  })
  const all = Array.from(foldOf.keys())
  return Array.from({ length: folds }, (_, fold) => ({
    train: all.filter((i) => foldOf[i] !== fold),
    validation: all.filter((i) => foldOf[i] === fold),
  }))
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
