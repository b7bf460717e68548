import { ConvkitError, type Dataset, type Metric, type Model } from '@convkit/core'
import type { Loss } from './losses/loss.js'

/**
 * Checks that a dataset has images and the model's classes. Names may differ from the model's (folders are often
 * called by number), but the same names in another order would train or measure the wrong labels.
 *
 * @throws E_DATASET when it is empty; E_CLASSES when the number or order of its classes differs.
 */
export function checkDataset(
  { name, classes }: Pick<Model, 'name' | 'classes'>,
  dataset: Dataset,
  role: string,
): void {
  if (dataset.length === 0)
    throw new ConvkitError('E_DATASET', `The ${role} set has no images; check its folder or split`)
  if (dataset.classes.length !== classes.length) {
    throw new ConvkitError(
      'E_CLASSES',
      `The ${role} set has ${dataset.classes.length} classes (${preview(dataset.classes)}), but ${name} has ${classes.length} (${preview(classes)}); make the model with classes: dataset.classes`,
    )
  }
  const known = new Set(classes)
  const moved = classes.findIndex((label, index) => dataset.classes[index] !== label)
  if (moved >= 0 && dataset.classes.every((label) => known.has(label))) {
    throw new ConvkitError(
      'E_CLASSES',
      `The ${role} set and ${name} have the same classes in another order: class ${moved} is ${dataset.classes[moved]} and ${classes[moved]}; use one order for both`,
    )
  }
}

/** @throws E_OPTION when images have any number of labels, and the loss or a metric takes one. */
export function checkSeveralLabels(
  { targets }: Dataset,
  { loss, metrics }: { readonly loss: Loss; readonly metrics: readonly Metric[] },
): void {
  const other = targets && [loss, ...metrics].find(({ forSeveralLabels }) => !forSeveralLabels)
  if (!other) return
  throw new ConvkitError(
    'E_OPTION',
    `The images have any number of labels each, and ${other.name} takes one: use binaryCrossEntropy, subsetAccuracy and microF1, or leave targets out`,
  )
}

function preview(classes: readonly string[]): string {
  return classes.length <= 3 ? classes.join(', ') : `${classes.slice(0, 3).join(', ')}, …`
}
