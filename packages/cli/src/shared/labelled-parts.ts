import { ConvkitError, type Dataset, type Model } from '@convkit/core'
import { defineDataset, type ImageDataset, openDataset } from '@convkit/data'
import { type DataOptions, openOptions } from './data-options.js'
import type { CommandContext } from './options.js'
import { listed } from './text.js'

/** Images for training and, where the data are divided so, for validation. */
export interface LabelledParts {
  readonly train: Dataset
  readonly validation: Dataset | undefined
}

/**
 * Images labelled by a model's classes.
 *
 * @throws E_CLASSES when the model does not know one of theirs; E_DATASET for several labels that it was not trained on.
 */
export async function labelledParts(
  data: string,
  model: Model,
  options: DataOptions,
  { host }: CommandContext,
): Promise<LabelledParts> {
  const { datasets } = await host.registry()
  const { train, validation } = await openDataset(data, openOptions(options), datasets.values())
  return {
    train: labelledBy(model, train, data),
    validation: validation && labelledBy(model, validation, data),
  }
}

/** A dataset with the classes of a model. @throws what {@link labelledParts} throws. */
export function labelledBy(
  { classes, severalLabels = false }: Model,
  dataset: ImageDataset,
  data: string,
): Dataset {
  if (dataset.targets && !severalLabels) {
    throw new ConvkitError(
      'E_DATASET',
      `${data} has images of several labels, and the model was trained on one label each: give each image one label, or train a model on several`,
    )
  }
  const unknown = dataset.classes.filter((label) => !classes.includes(label))
  if (unknown.length > 0) {
    throw new ConvkitError(
      'E_CLASSES',
      `${data} has classes that the model does not know: ${listed(unknown, 5)}; it knows ${listed(classes, 10)}`,
    )
  }
  const places = dataset.classes.map((label) => classes.indexOf(label))
  return defineDataset({
    classes,
    labels: Array.from(dataset.labels, (label) => places[label] as number),
    ...(severalLabels && { targets: targetsOf(dataset, places, classes.length) }),
    path: dataset.path,
    prefetch: dataset.prefetch,
    item: async (index) => (await dataset.item(index)).pixels,
    input: dataset.input,
    check: dataset.check,
  })
}

/** `[images, classes of the model]`, where each class of the dataset is at its place in the model's. */
function targetsOf(
  { labels, targets, classes }: Dataset,
  places: readonly number[],
  width: number,
): Uint8Array {
  const rows = new Uint8Array(labels.length * width)
  for (let i = 0; i < labels.length; i++) {
    places.forEach((place, k) => {
      const isShown = targets ? targets[i * classes.length + k] === 1 : labels[i] === k
      if (isShown) rows[i * width + place] = 1
    })
  }
  return rows
}
