import type { Dataset } from '@convkit/core'
import { countLabels } from '../formats/data-report.js'
import { defineDataset, type ImageDataset } from './define-dataset.js'
import { sameImages } from './subset.js'

/**
 * A weight for each class, for a loss: `images / (classes · images of the class)`, as scikit-learn's `balanced`; 0 for a
 * class without images.
 */
export function classWeights(dataset: Dataset): number[] {
  const counts = countLabels(dataset)
  return counts.map((count) => (count === 0 ? 0 : dataset.length / (counts.length * count)))
}

/**
 * The dataset with each class drawn as often as the others where the order is shuffled: images of rare classes come several
 * times an epoch, and not all of the frequent ones. An image of several labels is drawn as its rarest.
 */
export function oversampled(dataset: Dataset): ImageDataset {
  const { classes, labels, targets } = dataset
  const ofClass = classWeights(dataset)
  const shown = (index: number) =>
    targets
      ? ofClass.filter((_, k) => targets[index * classes.length + k] === 1)
      : [ofClass[labels[index] as number] as number]
  return defineDataset({
    ...sameImages(dataset),
    classes,
    labels,
    ...(targets && { targets }),
    // Without any label as often as on average
    weights: Array.from({ length: dataset.length }, (_, index) => Math.max(...shown(index), 0) || 1),
  })
}
